import { randomUUID, type KeyObject } from 'node:crypto';
import {
  canonicalEventBytes,
  chainHash,
  genesisHash,
  signHead,
} from '@specie/postgres-event-store';
import {
  encodeMessage,
  kafkaClient,
  partitionOf,
  silentLogger,
  topicName,
  type LogRecord,
} from '../src/index.js';
import {
  genesis,
  partitionHash,
  signPartitionHead,
  type ChainPoint,
} from '../src/verify/partition-chain.js';
import { trancheOpened, type World } from './world.js';

export interface RawMessage {
  readonly partition: number;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Record<string, string | Buffer>;
}

export const partitionCount = 6;
export const topicOf = (world: World): string => topicName(world.topicPrefix, 'deals');

/** The publisher's log as it is stored. */
export async function logOf(world: World): Promise<readonly LogRecord[]> {
  const stored = await world.publisher.store.readLog({ afterPosition: 0, limit: 1_000 });
  return stored.map((event) => ({
    ...event,
    data: event.dataBytes,
    metadata: event.metadataBytes,
  }));
}

/** The event somebody would like to have happened after `log`, chained as the store would. */
export function eventAfter(
  log: readonly LogRecord[],
  options: { readonly streamId?: string; readonly logName?: string; readonly key?: KeyObject } = {},
): LogRecord {
  const { streamId = 'deal-1', logName = 'deals', key } = options;
  const previous = log.at(-1)?.chainHash ?? genesisHash;
  const event = trancheOpened();
  const record = {
    position: log.length + 1,
    streamId,
    streamVersion: log.filter((each) => each.streamId === streamId).length + 1,
    eventId: randomUUID(),
    commandId: randomUUID(),
    type: event.type,
    schemaVersion: 1,
    occurredAt: '2026-03-02T09:30:00.000Z',
    effectiveAt: '2026-03-02T09:30:00.000Z',
    recordedAt: '2026-03-02T09:30:00.000Z',
    metadata: Buffer.from('{"actor":"nobody"}'),
    data: Buffer.from(JSON.stringify(event.data)),
    chainHash: genesisHash,
    headSignature: null,
  };
  const hash = chainHash(previous, canonicalEventBytes(logName, record));
  const head = { logName, position: record.position, chainHash: hash };
  return { ...record, chainHash: hash, headSignature: key ? signHead(head, key) : null };
}

/** What a relay with `key` sends for the log, each event in a send of its own. Without a key it cannot sign. */
export function sendsOf(
  world: World,
  log: readonly LogRecord[],
  key: KeyObject | null = world.signingKey,
): readonly RawMessage[] {
  const heads = new Map<number, ChainPoint>();
  return log.map((record) => {
    const partition = partitionOf(record.streamId, partitionCount);
    const before = heads.get(partition) ?? genesis;
    const after = { position: record.position, hash: partitionHash('deals', before, record) };
    heads.set(partition, after);
    const head = { logName: 'deals', topic: topicOf(world), partition, ...after };
    const message = encodeMessage(
      record,
      { source: 'deals', epoch: 1, previousPosition: before.position },
      {
        hash: after.hash,
        previousHash: before.hash,
        signature: key ? signPartitionHead(head, key) : null,
      },
    );
    return { ...message, headers: { ...message.headers }, partition };
  });
}

/** Writes to the topic past the relay, each message in a record batch of its own; returns their offsets. */
export async function produce(
  world: World,
  messages: readonly RawMessage[],
): Promise<readonly bigint[]> {
  const kafka = kafkaClient({ brokers: world.brokers, clientId: 'forger', logger: silentLogger });
  const producer = kafka.producer();
  await producer.connect();
  const offsets: bigint[] = [];
  for (const message of messages) {
    const [sent] = await producer.send({ topic: topicOf(world), messages: [message] });
    offsets.push(BigInt(sent?.baseOffset ?? -1));
  }
  await producer.disconnect();
  return offsets;
}

/** Changes the publisher's tables as only their owner can, past the trigger that refuses it. */
export async function tamper(
  world: World,
  sql: string,
  values: readonly unknown[] = [],
): Promise<void> {
  const { dataSource } = world.publisher;
  await dataSource.query('alter table events disable trigger events_append_only');
  await dataSource.query(sql, [...values]);
  await dataSource.query('alter table events enable always trigger events_append_only');
}

/** Puts a row behind the log, with the head row that belongs to it. */
export async function insertRow(world: World, record: LogRecord): Promise<void> {
  await world.publisher.dataSource.query(
    `insert into events values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      record.position,
      record.streamId,
      record.streamVersion,
      record.eventId,
      record.commandId,
      record.type,
      record.schemaVersion,
      record.occurredAt,
      record.effectiveAt,
      record.recordedAt,
      record.metadata,
      record.data,
      record.chainHash,
      record.headSignature,
    ],
  );
  await world.publisher.dataSource.query('update log_head set position = $1, chain_hash = $2', [
    record.position,
    record.chainHash,
  ]);
}

/** Takes the publisher's log back to `position`, as a restore from an older backup does. */
export async function restoreTo(world: World, position: number): Promise<void> {
  await tamper(world, 'delete from events where position > $1', [position]);
  await tamper(
    world,
    `update log_head set position = $1::bigint, chain_hash = (select chain_hash from events where position = $1)`,
    [position],
  );
  await tamper(
    world,
    `update relay_checkpoint set position = 0, chain_hash = null where position > $1`,
    [position],
  );
}
