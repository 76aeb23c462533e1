import { toStream, trialCommand } from '@specie/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventStoreUnavailableError, type Projection } from '../src/index.js';
import { createTrial, newDataSource, touch, type Trial } from './open-test-store.js';

const terminateOthers = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'killer'`;

describe('PostgresEventStore when connections die', () => {
  let trial: Trial;
  beforeEach(async () => {
    trial = await createTrial();
  });
  afterEach(() => trial.close());

  for (const [name, projections] of [
    ['without projections', []],
    ['with a projection', [touch]],
  ] satisfies [string, Projection[]][]) {
    it(`answers every command truthfully, ${name}`, async () => {
      const { store } = await trial.open({ projections });
      const killer = await newDataSource(
        `${trial.database.url}?application_name=killer`,
        1,
      ).initialize();
      let running = true;
      let killCount = 0;
      const killing = (async () => {
        while (running) {
          await new Promise((resolve) => setTimeout(resolve, 20 + ((killCount * 37) % 60)));
          await killer.query(terminateOthers);
          killCount += 1;
        }
      })();
      const appended: string[] = [];
      await Promise.all(
        Array.from({ length: 24 }, async (_, caller) => {
          for (let n = 0; n < 60; n += 1) {
            const command = trialCommand([
              toStream(`s${caller}`, n === 0 ? 'no_stream' : n, { n }),
            ]);
            const outcome = await store.append(command);
            expect(outcome.outcome).toBe('appended');
            appended.push(command.commandId);
          }
        }),
      );
      running = false;
      await killing;
      await killer.destroy();
      expect(killCount).toBeGreaterThan(3);
      const log = await store.readAll(0, 10_000);
      expect(log.map(({ position }) => position)).toEqual(appended.map((_, index) => index + 1));
      expect(new Set(log.map(({ eventId }) => eventId))).toEqual(new Set(appended));
      expect(await store.verifyLog()).toMatchObject({ eventCount: appended.length, problem: null });
    });
  }

  it('recognises a commit whose answer was lost', async () => {
    const { store, dataSource } = await trial.open();
    await store.append(trialCommand([toStream('a', 'no_stream', {})]));
    // A deferred trigger runs inside COMMIT and slows it, so that the kill falls into the commit itself.
    await dataSource.query(`create function slow() returns trigger language plpgsql as
      $$ begin perform pg_sleep(0.4); return null; end $$`);
    await dataSource.query(
      `create constraint trigger slow after insert on command_seen deferrable initially deferred for each row execute function slow()`,
    );
    const idempotency = { scope: 's', key: 'k', bodyHash: 'aa', answer: 1 };
    const appending = store.append(trialCommand([toStream('a', 1, {})], { idempotency }));
    await new Promise((resolve) => setTimeout(resolve, 150));
    // The client loses its socket; the server carries on and commits.
    (
      store as unknown as {
        sequencer: {
          options: { session: { pgClient: { connection: { stream: { destroy(): void } } } } };
        };
      }
    ).sequencer.options.session.pgClient.connection.stream.destroy();
    expect((await appending).outcome).toBe('appended');
    expect(await store.readStream('a')).toHaveLength(2);
    expect(await store.verifyLog()).toMatchObject({ problem: null });
  });

  it('rejects within its limit while the database is away, and works again afterwards', async () => {
    const { store, dataSource } = await trial.open({ tuning: { unavailableAfterMs: 400 } });
    await store.append(trialCommand([toStream('a', 'no_stream', {})]));
    const name = new URL(trial.database.url).pathname.slice(1);
    const server = await newDataSource(
      trial.database.url.replace(`/${name}`, '/postgres'),
      1,
    ).initialize();
    await server.query(`alter database ${name} with allow_connections false`);
    await server.query(
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '${name}'`,
    );
    await expect(store.append(trialCommand([toStream('a', 'any', {})]))).rejects.toThrow(
      EventStoreUnavailableError,
    );
    await server.query(`alter database ${name} with allow_connections true`);
    await server.destroy();
    expect((await store.append(trialCommand([toStream('a', 1, {})]))).outcome).toBe('appended');
    expect(dataSource.isInitialized).toBe(true);
  });
});
