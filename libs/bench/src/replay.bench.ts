import { generateKeyPairSync } from 'node:crypto';
import { readMessagesBatch } from '@event-driven-io/emmett-postgresql';
import { dumbo } from '@event-driven-io/dumbo';
import {
  openEventStore,
  type LogEventView,
  type PostgresEventStore,
} from '@specie/postgres-event-store';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { DataSource } from 'typeorm';
import { rateResult, type BenchReport, type Progress } from './bench.js';
import { startBenchServer } from './bench-database.js';
import { openPeer, peerName } from './peer-store.js';
import { Balances, sampleData, sampleMetadata, uuidV7, type SampleData } from './sample-events.js';

export interface ReplayBenchOptions {
  readonly eventCount?: number;
  readonly roundCount?: number;
  readonly progress?: Progress;
}

const eventsPerCommand = 100;
const peerBatchSizes = [1_000, 5_000, 20_000];

/**
 * Reads a whole log, folded into balances. Ours also checks positions and the chain, and reads from the
 * stored bytes the two fields that the fold needs; the second figure decodes all data, as the peer does
 * for every message. The peer reads with the batch size that is fastest, on an index it lacks by itself,
 * and must deliver every event. The bare COPY sends the same table and only counts bytes.
 */
export async function runReplay(options: ReplayBenchOptions = {}): Promise<BenchReport> {
  const { eventCount = 500_000, roundCount = 3, progress = () => undefined } = options;
  const server = await startBenchServer();
  try {
    const ourUrl = await server.newDatabase();
    const peerUrl = await server.newDatabase();
    const dataSource = new DataSource({ type: 'postgres', url: ourUrl, poolSize: 8 });
    const store = await openEventStore({
      dataSource,
      logName: 'bench',
      signingKey: generateKeyPairSync('ed25519').privateKey,
    });
    await fillOurs(store, eventCount);
    progress(`${eventCount} events in our log`);
    await fillPeer(peerUrl, eventCount);
    progress(`${eventCount} events in the peer's log`);
    await dataSource.query('vacuum analyze');
    const expectedTotal = await replayOurs(store, fieldsOf);
    const peerBatchSize = await fastestBatchSize(peerUrl, {
      eventCount,
      expectedTotal: expectedTotal.total,
      progress,
    });
    const our: number[] = [];
    const decoded: number[] = [];
    const peer: number[] = [];
    const bare: number[] = [];
    for (let round = 1; round <= roundCount; round += 1) {
      our.push((await replayOurs(store, fieldsOf)).rate);
      decoded.push((await replayOurs(store, wholeData)).rate);
      bare.push(await bareCopy(ourUrl, eventCount));
      peer.push(
        await readPeer(peerUrl, peerBatchSize, { eventCount, expectedTotal: expectedTotal.total }),
      );
      progress(
        `round ${round}: ours ${Math.round(our.at(-1) ?? 0)}, all data decoded ${Math.round(decoded.at(-1) ?? 0)}, bare COPY ${Math.round(bare.at(-1) ?? 0)}, ` +
          `peer by ${peerBatchSize} ${Math.round(peer.at(-1) ?? 0)} events/s`,
      );
    }
    await store.close();
    await dataSource.destroy();
    return {
      results: [
        rateResult('replay_vs_peer', median(our), median(peer), peerName),
        rateResult('replay_all_data_decoded_vs_peer', median(decoded), median(peer), peerName),
        rateResult(
          'replay_vs_copy',
          median(our),
          median(bare),
          'COPY events TO STDOUT (FORMAT binary)',
        ),
      ],
    };
  } finally {
    await server.stop();
  }
}

type AmountOf = (event: LogEventView) => Pick<SampleData, 'accountId' | 'amount'>;

const fieldsOf: AmountOf = (event) => ({
  accountId: event.dataString('accountId') ?? '',
  amount: event.dataString('amount') ?? '',
});
const wholeData: AmountOf = (event) => event.data as unknown as SampleData;

async function replayOurs(
  store: PostgresEventStore,
  amountOf: AmountOf,
): Promise<{ readonly rate: number; readonly total: bigint }> {
  const balances = new Balances();
  const start = performance.now();
  const { eventCount } = await store.replay({
    onEvent: (event) => balances.add(amountOf(event)),
  });
  return { rate: eventCount / ((performance.now() - start) / 1000), total: balances.total() };
}

async function bareCopy(url: string, eventCount: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const start = performance.now();
  let byteCount = 0;
  const stream = client.query(copyTo('copy events to stdout (format binary)'));
  stream.on('data', (chunk: Buffer) => {
    byteCount += chunk.length;
  });
  await new Promise((resolve, reject) => {
    stream.once('end', resolve);
    stream.once('error', reject);
  });
  const seconds = (performance.now() - start) / 1000;
  await client.end();
  if (byteCount < eventCount) {
    throw new Error('the bare COPY sent too little');
  }
  return eventCount / seconds;
}

interface Expected {
  readonly eventCount: number;
  readonly expectedTotal: bigint;
}

async function fastestBatchSize(
  url: string,
  expected: Expected & { readonly progress: Progress },
): Promise<number> {
  let best = { batchSize: 0, rate: 0 };
  for (const batchSize of peerBatchSizes) {
    const rate = await readPeer(url, batchSize, expected);
    expected.progress(`peer by ${batchSize}: ${Math.round(rate)} events/s`);
    if (rate > best.rate) {
      best = { batchSize, rate };
    }
  }
  return best.batchSize;
}

/** One complete read through the peer's own paging. @throws when an event is lost. */
async function readPeer(
  url: string,
  batchSize: number,
  { eventCount, expectedTotal }: Expected,
): Promise<number> {
  // A pool of our own: the peer's has no error listener and would end the process when the server stops.
  const connections = new pg.Pool({ connectionString: url });
  connections.on('error', () => undefined);
  const pool = dumbo({ connectionString: url, pool: connections });
  const balances = new Balances();
  let count = 0;
  const start = performance.now();
  for (let after = 0n, left = true; left;) {
    const page = await readMessagesBatch(pool.execute, { after, batchSize });
    for (const message of page.messages) {
      balances.add(message.data as unknown as SampleData);
    }
    count += page.messages.length;
    after = page.currentGlobalPosition;
    left = page.areMessagesLeft;
  }
  const rate = count / ((performance.now() - start) / 1000);
  await pool.close();
  if (!connections.ended) {
    await connections.end();
  }
  if (count !== eventCount || balances.total() !== expectedTotal) {
    throw new Error(`the peer delivered ${count} of ${eventCount} events`);
  }
  return rate;
}

async function fillOurs(store: PostgresEventStore, eventCount: number): Promise<void> {
  await fillConcurrently(eventCount / eventsPerCommand, 32, async (call) => {
    const outcome = await store.append({
      commandId: uuidV7(Date.now()),
      streams: [
        {
          streamId: `account-${call}`,
          expectedVersion: 'no_stream',
          events: sampleEvents(call, eventsPerCommand).map((event) => ({
            ...event,
            schemaVersion: 1,
            data: { ...event.data },
          })),
        },
      ],
      metadata: sampleMetadata,
      occurredAt: new Date().toISOString(),
    });
    if (outcome.outcome !== 'appended') {
      throw new Error(`the append was answered ${outcome.outcome}`);
    }
  });
}

async function fillPeer(url: string, eventCount: number): Promise<void> {
  const peer = await openPeer(url);
  // One writer: the order in which the peer pages is then the order of its positions, and nothing is lost.
  await fillConcurrently(eventCount / 1_000, 1, async (call) => {
    await peer.store.appendToStream(
      `account-${call}`,
      sampleEvents(call, 1_000).map((event) => ({ ...event, metadata: sampleMetadata })),
    );
  });
  // 0.42 has no index for reading everything; later versions create this one.
  await peer.pool.query('create index on emt_messages (transaction_id, global_position)');
  await peer.pool.query('vacuum analyze');
  await peer.close();
}

function sampleEvents(
  call: number,
  count: number,
): readonly { readonly type: string; readonly data: SampleData }[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'bench.amount-added',
    data: sampleData(call * count + index),
  }));
}

async function fillConcurrently(
  callCount: number,
  callerCount: number,
  run: (call: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: callerCount }, async () => {
      for (let call = next++; call < callCount; call = next++) {
        await run(call);
      }
    }),
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
