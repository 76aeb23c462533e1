import { toStream, trialCommand } from '@specie/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PostgresEventStore } from '../src/index.js';
import { createTrial, newDataSource, type TestStore, type Trial } from './open-test-store.js';

/** The whole recipe takes minutes; the ordinary run plays the same one smaller. */
const isFull = process.env['SPECIE_FULL'] === '1';
const eventCount = isFull ? 200_000 : 6_000;
const appenderCount = 32;
const pageSizes = isFull ? [7, 100, 1_000] : [7, 100, 1_000];
const finalPageSizes = isFull ? [1, 7, 100, 1_000, 10_000] : [7, 100, 1_000, 10_000];
const killCount = isFull ? 60 : 6;
const seed = Number(process.env['SEED'] ?? 20_260_301);

const terminateOne = `select pg_terminate_backend(pid) from (
  select pid from pg_stat_activity where datname = current_database() and application_name <> 'killer'
    and pid <> pg_backend_pid() order by hashint4(pid + $1) limit 1) as victim`;

describe('A log that is written, read and interrupted at once', () => {
  let trial: Trial;
  beforeEach(async () => {
    trial = await createTrial();
  });
  afterEach(() => trial.close());

  it(
    `loses and repeats nothing of ${eventCount} events (SEED=${seed})`,
    { timeout: 1_200_000 },
    async () => {
      const instances = [await trial.open(), await trial.open()];
      const progress: Progress = { isWriting: true, acknowledged: new Set() };
      const killing = killConnections(trial, progress);
      const consumers = pageSizes.map((pageSize) => consume(instances[0], pageSize, progress));
      await writeAll(instances, progress.acknowledged);
      progress.isWriting = false;
      await killing;
      const seen = await Promise.all(consumers);
      const positions = Array.from({ length: eventCount }, (_, index) => index + 1);
      const store = (instances[0] as TestStore).store;
      for (const pageSize of finalPageSizes) {
        seen.push(await readToEnd(store, pageSize, []));
      }
      for (const delivered of seen) {
        expect(delivered.map(({ position }) => position)).toEqual(positions);
        expect(new Set(delivered.map(({ eventId }) => eventId))).toEqual(progress.acknowledged);
      }
      expect(await store.verifyLog()).toMatchObject({ eventCount, problem: null });
    },
  );
});

interface Progress {
  isWriting: boolean;
  /** Ids of the events whose append was answered. */
  readonly acknowledged: Set<string>;
}

interface Delivered {
  readonly position: number;
  readonly eventId: string;
}

/** Single and grouped appends, to new and to shared streams. */
async function writeAll(instances: readonly TestStore[], acknowledged: Set<string>): Promise<void> {
  let left = eventCount;
  await Promise.all(
    Array.from({ length: appenderCount }, async (_, appender) => {
      const random = seededRandom(seed + appender);
      for (let n = 0; left > 0; n += 1) {
        const size = Math.min(left, random() < 0.05 ? 100 : random() < 0.2 ? 10 : 1);
        left -= size;
        const streamId =
          random() < 0.3 ? `shared-${Math.floor(random() * 5)}` : `own-${appender}-${n}`;
        const command = trialCommand([
          toStream(
            streamId,
            'any',
            ...Array.from({ length: size }, (_unused, at) => ({ appender, n, at })),
          ),
        ]);
        const instance = instances[random() < 0.5 ? 0 : 1] as TestStore;
        const outcome = await instance.store.append(command);
        if (outcome.outcome !== 'appended') {
          throw new Error(`appender ${appender} was answered ${outcome.outcome}`);
        }
        for (const { eventId } of outcome.events) {
          acknowledged.add(eventId);
        }
      }
    }),
  );
}

async function consume(
  instance: TestStore | undefined,
  pageSize: number,
  progress: Progress,
): Promise<Delivered[]> {
  const delivered: Delivered[] = [];
  while (progress.isWriting && instance) {
    await readToEnd(instance.store, pageSize, delivered);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return instance ? readToEnd(instance.store, pageSize, delivered) : delivered;
}

async function readToEnd(
  store: PostgresEventStore,
  pageSize: number,
  delivered: Delivered[],
): Promise<Delivered[]> {
  for (;;) {
    const page = await store.readAll(delivered.at(-1)?.position ?? 0, pageSize);
    delivered.push(...page.map(({ position, eventId }) => ({ position, eventId })));
    if (page.length < pageSize) {
      return delivered;
    }
  }
}

/** Cuts one connection each time another share of the events is acknowledged. */
async function killConnections(trial: Trial, progress: Progress): Promise<void> {
  const killer = await newDataSource(
    `${trial.database.url}?application_name=killer`,
    1,
  ).initialize();
  for (let kill = 0; kill < killCount; kill += 1) {
    const due = (eventCount * (kill + 1)) / (killCount + 1);
    while (progress.acknowledged.size < due && progress.isWriting) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await killer.query(terminateOne, [seed + kill]);
  }
  await killer.destroy();
}

function seededRandom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
