import { generateKeyPairSync } from 'node:crypto';
import { openEventStore, type EventStoreTuning } from '@specie/postgres-event-store';
import { DataSource } from 'typeorm';
import { percentile, rateResult, twoDigits, type BenchReport, type Progress } from './bench.js';
import { startBenchServer } from './bench-database.js';
import { openPeer, peerName } from './peer-store.js';
import { sampleData, sampleMetadata, uuidV7 } from './sample-events.js';

export interface AppendOptions {
  readonly callerCount?: number;
  readonly secondsPerRound?: number;
  readonly roundCount?: number;
  readonly tuning?: EventStoreTuning;
  readonly progress?: Progress;
}

interface Measured {
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** One durable append of one event; `ordinal` counts the caller's appends. */
type AppendOne = (caller: number, ordinal: number) => Promise<void>;

const eventsPerStream = 10;
const peerCallerCounts = [8, 16, 32, 64];

/**
 * Durable appends of one event per command. Ours: expected version, idempotency row, event, chain hash,
 * signed head. The peer: expected version and event, at the number of callers where it is fastest. Ours
 * and the peer take turns on the same server, and the median round of each counts.
 */
export async function runAppend(options: AppendOptions = {}): Promise<BenchReport> {
  const {
    callerCount = 64,
    secondsPerRound = 5,
    roundCount = 3,
    progress = () => undefined,
  } = options;
  const server = await startBenchServer();
  try {
    const ours = await openOurs(await server.newDatabase(), options.tuning);
    const peer = await openPeer(await server.newDatabase());
    const appendToPeer = peerAppend(peer.store);
    await measure(ours.append, callerCount, 1.5);
    const peerCallerCount = await fastestCallerCount(appendToPeer, progress);
    const ourRounds: Measured[] = [];
    const peerRounds: Measured[] = [];
    for (let round = 1; round <= roundCount; round += 1) {
      ourRounds.push(await measure(ours.append, callerCount, secondsPerRound));
      peerRounds.push(await measure(appendToPeer, peerCallerCount, secondsPerRound));
      progress(
        `round ${round}: ours ${describe(ourRounds.at(-1))}; peer (${peerCallerCount} callers) ${describe(peerRounds.at(-1))}`,
      );
    }
    await ours.close();
    await peer.close();
    const our = median(ourRounds);
    const their = median(peerRounds);
    return {
      results: [
        rateResult('append', our.rate, their.rate, peerName),
        {
          metric: 'append_p99_ms',
          ours: twoDigits(our.p99Ms),
          peer: twoDigits(their.p99Ms),
          peerName,
          ratio: twoDigits(their.p99Ms / our.p99Ms),
          unit: 'ms',
        },
      ],
    };
  } finally {
    await server.stop();
  }
}

/** Durable appends of one event per command of ours alone, in events per second. */
export async function measureOwnAppend(seconds: number): Promise<number> {
  const server = await startBenchServer();
  try {
    const ours = await openOurs(await server.newDatabase(), undefined);
    await measure(ours.append, 64, 1.5);
    const { rate } = await measure(ours.append, 64, seconds);
    await ours.close();
    return rate;
  } finally {
    await server.stop();
  }
}

async function openOurs(
  url: string,
  tuning: EventStoreTuning | undefined,
): Promise<{ readonly append: AppendOne; close(): Promise<void> }> {
  const dataSource = new DataSource({ type: 'postgres', url, poolSize: 8 });
  const store = await openEventStore({
    dataSource,
    logName: 'bench',
    signingKey: generateKeyPairSync('ed25519').privateKey,
    ...(tuning ? { tuning } : {}),
  });
  const run = uuidV7(Date.now());
  return {
    append: async (caller, ordinal) => {
      const nowMs = Date.now();
      const commandId = uuidV7(nowMs);
      const version = ordinal % eventsPerStream;
      const outcome = await store.append({
        commandId,
        streams: [
          {
            streamId: `account-${run}-${caller}-${Math.floor(ordinal / eventsPerStream)}`,
            expectedVersion: version === 0 ? 'no_stream' : version,
            events: [
              { type: 'bench.amount-added', schemaVersion: 1, data: { ...sampleData(ordinal) } },
            ],
          },
        ],
        metadata: sampleMetadata,
        occurredAt: new Date(nowMs).toISOString(),
        idempotency: {
          scope: 'service:bench POST /amounts',
          key: commandId,
          bodyHash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
          answer: { accepted: { id: commandId, streamVersion: version + 1 } },
        },
      });
      if (outcome.outcome !== 'appended') {
        throw new Error(`the append was answered ${outcome.outcome}`);
      }
    },
    close: async () => {
      await store.close();
      await dataSource.destroy();
    },
  };
}

function peerAppend(store: Awaited<ReturnType<typeof openPeer>>['store']): AppendOne {
  const run = uuidV7(Date.now());
  return async (caller, ordinal) => {
    const version = ordinal % eventsPerStream;
    await store.appendToStream(
      `account-${run}-${caller}-${Math.floor(ordinal / eventsPerStream)}`,
      [{ type: 'bench.amount-added', data: { ...sampleData(ordinal) }, metadata: sampleMetadata }],
      { expectedStreamVersion: version === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(version) },
    );
  };
}

async function fastestCallerCount(append: AppendOne, progress: Progress): Promise<number> {
  let best = { callerCount: 0, rate: 0 };
  for (const callerCount of peerCallerCounts) {
    const { rate } = await measure(append, callerCount, 2);
    progress(`peer with ${callerCount} callers: ${Math.round(rate)} events/s`);
    if (rate > best.rate) {
      best = { callerCount, rate };
    }
  }
  return best.callerCount;
}

const nextOrdinals = new WeakMap<AppendOne, number[]>();

async function measure(append: AppendOne, callerCount: number, seconds: number): Promise<Measured> {
  const ordinals = nextOrdinals.get(append) ?? [];
  nextOrdinals.set(append, ordinals);
  const latenciesMs: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: callerCount }, async (_, caller) => {
      let before = performance.now();
      while (before < end) {
        const ordinal = ordinals[caller] ?? 0;
        ordinals[caller] = ordinal + 1;
        await append(caller, ordinal);
        const after = performance.now();
        latenciesMs.push(after - before);
        before = after;
      }
    }),
  );
  const rate = latenciesMs.length / ((performance.now() - start) / 1000);
  return { rate, p50Ms: percentile(latenciesMs, 0.5), p99Ms: percentile(latenciesMs, 0.99) };
}

function median(rounds: readonly Measured[]): Measured {
  const sorted = [...rounds].sort((a, b) => a.rate - b.rate);
  return sorted[Math.floor(sorted.length / 2)] ?? { rate: 0, p50Ms: 0, p99Ms: 0 };
}

function describe(measured: Measured | undefined): string {
  return measured
    ? `${Math.round(measured.rate)} events/s, p50 ${measured.p50Ms.toFixed(2)} ms, p99 ${measured.p99Ms.toFixed(2)} ms`
    : '';
}
