import { toStream, trialCommand } from '@specie/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalEventBytes, chainHash, type PostgresEventStore } from '../src/index.js';
import { createTrial, type Trial } from './open-test-store.js';

describe('verifyLog', () => {
  let trial: Trial;
  let store: PostgresEventStore;
  /** A superuser with direct access: what the proof must hold against. */
  let tamper: (sql: string, values?: unknown[]) => Promise<void>;
  beforeEach(async () => {
    trial = await createTrial();
    const opened = await trial.open();
    store = opened.store;
    for (let n = 1; n <= 20; n += 1) {
      await store.append(trialCommand([toStream(`s${n % 3}`, 'any', { n })]));
    }
    await opened.dataSource.query('alter table events disable trigger events_append_only');
    await opened.dataSource.query('grant all on events to current_user');
    tamper = async (sql, values) => void (await opened.dataSource.query(sql, values));
  });
  afterEach(() => trial.close());

  it('finds nothing wrong with an untouched log', async () => {
    expect(await store.verifyLog()).toMatchObject({
      eventCount: 20,
      position: 20,
      signedHeadCount: 20,
      problem: null,
    });
  });

  const columns: readonly (readonly [string, string])[] = [
    ['data', `set_byte(data, 1, get_byte(data, 1) # 1)`],
    ['metadata', `set_byte(metadata, 5, get_byte(metadata, 5) # 128)`],
    ['type', `'trial.recounted'`],
    ['stream_id', `'elsewhere'`],
    ['schema_version', `2`],
    ['occurred_at', `occurred_at + interval '1 microsecond'`],
    ['effective_at', `effective_at - interval '1 day'`],
    ['recorded_at', `recorded_at + interval '1 millisecond'`],
    ['event_id', `gen_random_uuid()`],
    ['command_id', `gen_random_uuid()`],
    ['chain_hash', `set_byte(chain_hash, 31, get_byte(chain_hash, 31) # 1)`],
  ];
  for (const [column, value] of columns) {
    it(`finds one changed ${column}`, async () => {
      const [before] = await store.readAll(6, 1);
      await tamper(`update events set ${column} = ${value} where position = 7`);
      expect((await store.verifyLog()).problem).toEqual({
        logName: 'trial',
        position: 7,
        eventId: column === 'event_id' ? (expect.any(String) as string) : before?.eventId,
        kind: 'altered',
      });
    });
  }

  it('finds a deleted event, also the last one', async () => {
    await tamper('delete from events where position = 20');
    expect((await store.verifyLog()).problem).toMatchObject({ position: 20, kind: 'missing' });
    await tamper('delete from events where position = 7');
    expect((await store.verifyLog()).problem).toMatchObject({ position: 7, kind: 'missing' });
  });

  it('finds two swapped events', async () => {
    await tamper('update events set position = -position where position in (7, 12)');
    await tamper(
      'update events set position = case position when -7 then 12 else 7 end where position < 0',
    );
    expect((await store.verifyLog()).problem).toMatchObject({ position: 7, kind: 'reordered' });
  });

  it('finds a forged tail with a valid chain, with and without a moved head', async () => {
    const forged = await forge(store);
    const insert = `insert into events select $1::bigint, stream_id, 99, $2::uuid, command_id, type, schema_version,
      occurred_at, effective_at, recorded_at, metadata, data, $3, null from events where position = 20`;
    await tamper(insert, [21, forged.eventId, forged.hash]);
    expect((await store.verifyLog()).problem).toMatchObject({
      position: 21,
      eventId: forged.eventId,
      kind: 'forged',
    });
    await tamper('update log_head set position = 21, chain_hash = $1', [forged.hash]);
    expect((await store.verifyLog()).problem).toMatchObject({
      position: 21,
      eventId: forged.eventId,
      kind: 'forged',
    });
    await tamper(
      'update events set head_signature = (select head_signature from events where position = 20) where position = 21',
    );
    expect((await store.verifyLog()).problem).toMatchObject({
      position: 21,
      kind: 'bad_signature',
    });
  });

  it('finds a signature that is not of the head it stands at', async () => {
    await tamper(
      `update events set head_signature = set_byte(head_signature, 0, get_byte(head_signature, 0) # 1) where position = 9`,
    );
    expect((await store.verifyLog()).problem).toMatchObject({ position: 9, kind: 'bad_signature' });
  });

  it('finds a head row that does not fit the log', async () => {
    await tamper(`update log_head set chain_hash = decode(repeat('00', 32), 'hex')`);
    expect((await store.verifyLog()).problem).toMatchObject({ position: 20, kind: 'altered' });
    await tamper('update log_head set position = 25');
    expect((await store.verifyLog()).problem).toMatchObject({ position: 21, kind: 'missing' });
  });

  it('stops a replay before the event that is wrong', async () => {
    await tamper(`update events set data = convert_to('{"n":1000}', 'utf8') where position = 7`);
    const seen: number[] = [];
    await expect(store.replay({ onEvent: (event) => seen.push(event.position) })).rejects.toThrow(
      /altered at position 7/,
    );
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await store.replay({ fromPosition: 8, onEvent: () => undefined })).eventCount).toBe(13);
  });
});

async function forge(
  store: PostgresEventStore,
): Promise<{ readonly eventId: string; readonly hash: Buffer }> {
  const [last] = await store.readLog({ afterPosition: 19, limit: 1 });
  if (!last) {
    throw new Error('the log is shorter than expected');
  }
  const eventId = 'f0000000-0000-4000-8000-000000000000';
  const event = {
    ...last,
    position: 21,
    streamVersion: 99,
    eventId,
    data: last.dataBytes,
    metadata: last.metadataBytes,
  };
  return { eventId, hash: chainHash(last.chainHash, canonicalEventBytes('trial', event)) };
}
