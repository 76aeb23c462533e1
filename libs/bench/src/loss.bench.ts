import { generateKeyPairSync } from 'node:crypto';
import { dumbo } from '@event-driven-io/dumbo';
import { readMessagesBatch } from '@event-driven-io/emmett-postgresql';
import { openEventStore } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import type { BenchReport, Progress } from './bench.js';
import { startBenchServer } from './bench-database.js';
import { openPeer, peerName } from './peer-store.js';
import { sampleData, sampleMetadata, uuidV7 } from './sample-events.js';

export interface LossOptions {
  /** 1 is the whole recipe of 200,000 events. */
  readonly scale?: number;
  readonly progress?: Progress;
}

/** Appends `size` events to a stream; `n` tells the calls of a phase apart. */
type AppendMany = (streamId: string, size: number, isNew: boolean) => Promise<void>;
type ReadPage = (
  after: bigint,
  size: number,
) => Promise<{ readonly ids: readonly string[]; readonly last: bigint }>;

const pageSizes = [100, 1_000, 10_000];

/**
 * Writes the same events through both stores, singly and in groups, by one and by many callers, then
 * pages each log through its own read of everything and counts what never arrives.
 */
export async function runLoss(options: LossOptions = {}): Promise<BenchReport> {
  const { scale = 1, progress = () => undefined } = options;
  const server = await startBenchServer();
  try {
    const ours = await lossOfOurs(await server.newDatabase(), scale, progress);
    const peer = await lossOfPeer(await server.newDatabase(), scale, progress);
    return {
      results: pageSizes.map((size, index) => ({
        metric: `lost_by_pages_of_${size}`,
        ours: ours[index] ?? 0,
        peer: peer[index] ?? 0,
        peerName,
        ratio: null,
        unit: 'events',
      })),
    };
  } finally {
    await server.stop();
  }
}

async function lossOfOurs(
  url: string,
  scale: number,
  progress: Progress,
): Promise<readonly number[]> {
  const dataSource = new DataSource({ type: 'postgres', url, poolSize: 8 });
  const store = await openEventStore({
    dataSource,
    logName: 'bench',
    signingKey: generateKeyPairSync('ed25519').privateKey,
  });
  const stored = await writeRecipe(scale, async (streamId, size, isNew) => {
    const outcome = await store.append({
      commandId: uuidV7(Date.now()),
      streams: [
        {
          streamId,
          expectedVersion: isNew ? 'no_stream' : 'any',
          events: Array.from({ length: size }, (_, n) => ({
            type: 'bench.amount-added',
            schemaVersion: 1,
            data: { ...sampleData(n) },
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
  const lost = await countLost('ours', stored, progress, async (after, size) => {
    const page = await store.readAll(Number(after), size);
    return {
      ids: page.map(({ eventId }) => eventId),
      last: BigInt(page.at(-1)?.position ?? after),
    };
  });
  await store.close();
  await dataSource.destroy();
  return lost;
}

async function lossOfPeer(
  url: string,
  scale: number,
  progress: Progress,
): Promise<readonly number[]> {
  const peer = await openPeer(url);
  const stored = await writeRecipe(scale, async (streamId, size, isNew) => {
    await peer.store.appendToStream(
      streamId,
      Array.from({ length: size }, (_, n) => ({
        type: 'bench.amount-added',
        data: { ...sampleData(n) },
      })),
      isNew ? { expectedStreamVersion: 'STREAM_DOES_NOT_EXIST' } : {},
    );
  });
  await peer.pool.query('create index on emt_messages (transaction_id, global_position)');
  const pool = dumbo({ connectionString: url, pool: peer.pool });
  const lost = await countLost('peer', stored, progress, async (after, batchSize) => {
    const page = await readMessagesBatch(pool.execute, { after, batchSize });
    return {
      ids: page.messages.map(({ metadata }) => metadata.messageId),
      last: page.currentGlobalPosition,
    };
  });
  await pool.close();
  await peer.close();
  return lost;
}

/** Returns how many events were acknowledged. */
async function writeRecipe(scale: number, append: AppendMany): Promise<number> {
  const phases = [
    { callerCount: 1, callCount: 4_300, size: 1, isNew: true },
    { callerCount: 1, callCount: 4_000, size: 1, isNew: false },
    { callerCount: 8, callCount: 8_000, size: 1, isNew: true },
    { callerCount: 32, callCount: 8_000, size: 1, isNew: true },
    { callerCount: 1, callCount: 400, size: 100, isNew: true },
    { callerCount: 8, callCount: 400, size: 100, isNew: true },
    { callerCount: 1, callCount: 96, size: 997, isNew: true },
  ];
  let stored = 0;
  for (const [index, { callerCount, callCount, size, isNew }] of phases.entries()) {
    const count = Math.ceil(callCount * scale);
    let next = 0;
    await Promise.all(
      Array.from({ length: callerCount }, async () => {
        for (let call = next++; call < count; call = next++) {
          await append(isNew ? `phase-${index}-${call}` : `phase-${index}`, size, isNew);
          stored += size;
        }
      }),
    );
  }
  return stored;
}

async function countLost(
  name: string,
  stored: number,
  progress: Progress,
  readPage: ReadPage,
): Promise<readonly number[]> {
  const lost: number[] = [];
  for (const size of pageSizes) {
    const seen = new Set<string>();
    let delivered = 0;
    for (let after = 0n, left = true; left && delivered < stored * 2;) {
      const { ids, last } = await readPage(after, size);
      for (const id of ids) {
        seen.add(id);
      }
      delivered += ids.length;
      left = ids.length === size;
      after = last;
    }
    lost.push(stored - seen.size);
    progress(
      `${name}: ${stored} stored, by ${size}: ${stored - seen.size} lost, ${delivered - seen.size} repeated`,
    );
  }
  return lost;
}
