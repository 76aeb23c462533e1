import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { twoDigits, type BenchReport, type BenchResult, type Progress } from './bench.js';

export interface MatchingOptions {
  readonly progress?: Progress;
  /** Timed operations of W1. */
  readonly commandCount?: number;
  readonly runs?: number;
  readonly replayCount?: number;
}

type Measured = Readonly<Record<string, number | string>>;

const PEERS = ['nodejs-order-book', 'orderbook-match-engine', 'limit-order-book'] as const;
const RESTING = [1_000, 10_000, 100_000, 1_000_000] as const;
/** No helper threads of the runtime, which would compile and collect garbage on the other cores. */
const ONE_CORE = ['--single-threaded'] as const;
/** Orders at one price. */
const DEPTH = 100_000;
const child = fileURLToPath(new URL('./matching-child.js', import.meta.url));

/**
 * Workload W1 through the full engine, through bare matching and through the other engines of npm. Every
 * measurement has a fresh process; ours and the peers take turns, and the median counts.
 *
 * The full engine and the peers are compared on one core, each after a warm-up: ours as a venue warms up before it opens,
 * the peers with the very operations to come, on a throwaway book. What compiles or collects garbage does so on that core.
 * Against the fastest peer there are two more comparisons: with the helper threads of the runtime on the other cores
 * (`_helpers`), and with them but without any warm-up (`_cold`).
 */
export async function runMatching(options: MatchingOptions = {}): Promise<BenchReport> {
  const { progress = () => undefined, commandCount = 1_000_000, runs = 5 } = options;
  const { replayCount = 10_000_000 } = options;
  const measure = (sample: Sample, field: string): number => {
    const measured = inChild(sample);
    progress(`${describe(sample)}: ${JSON.stringify(measured)}`);
    return Number(measured[field]);
  };
  const rateFrom = (task: string, name = '', flags: readonly string[] = []): number =>
    measure({ task, count: commandCount, name, flags }, 'rate');
  const medianOf = (times: number, sample: () => number): number =>
    median(Array.from({ length: times }, sample));

  for (const name of PEERS) measure({ task: 'peer_check', count: commandCount, name }, 'lots');
  // Ours and the peers take turns, so that a busy machine is busy for all of them.
  const [full = 0, ...peerRates] = mediansInTurns(runs, [
    () => rateFrom('full_warmed', '', ONE_CORE),
    ...PEERS.map((name) => () => rateFrom('peer_warmed', name, ONE_CORE)),
  ]);
  const peers = PEERS.map((name, index) => ({ name, rate: peerRates[index] ?? 0 }));
  const leader = peers.find(({ name }) => name === 'nodejs-order-book') ?? peers[0];
  const fastest = peers.reduce((best, next) => (next.rate > best.rate ? next : best));
  const [helped = 0, helpedPeer = 0, cold = 0, coldPeer = 0] = mediansInTurns(runs, [
    () => rateFrom('full_warmed'),
    () => rateFrom('peer_warmed', fastest.name),
    () => rateFrom('full_cold'),
    () => rateFrom('peer_cold', fastest.name),
  ]);
  const bare = medianOf(runs, () => rateFrom('bare'));
  const latencies = Array.from({ length: runs }, () =>
    inChild({ task: 'latency', count: commandCount }),
  );
  progress(`latency: ${JSON.stringify(latencies)}`);
  const memory = measure({ task: 'memory', count: 1_000_000 }, 'residentPerOrder');
  const replay = medianOf(Math.min(runs, 3), () =>
    measure({ task: 'replay', count: replayCount }, 'seconds'),
  );
  const journal = medianOf(runs, () => rateFrom('journal'));
  const disk = medianOf(runs, () => rateFrom('disk'));
  const curve = RESTING.map((count) => ({
    count,
    nanoseconds: medianOf(Math.min(runs, 3), () =>
      measure({ task: 'resting', count }, 'nanoseconds'),
    ),
  }));
  const [shallow = 0, deep = 0] = mediansInTurns(runs, [
    () => measure({ task: 'shallow', count: DEPTH }, 'nanoseconds'),
    () => measure({ task: 'deep', count: DEPTH }, 'nanoseconds'),
  ]);

  const rate = (metric: string, ours: number, peer?: { name: string; rate: number }) =>
    result(
      metric,
      Math.round(ours),
      'commands/s',
      peer && { ...peer, rate: Math.round(peer.rate) },
    );
  const results: BenchResult[] = [
    rate('full_vs_nodejs_order_book', full, leader),
    rate('full_vs_fastest_npm', full, fastest),
    rate('full_vs_fastest_npm_helpers', helped, { name: fastest.name, rate: helpedPeer }),
    rate('full_vs_fastest_npm_cold', cold, { name: fastest.name, rate: coldPeer }),
    rate('bare', bare),
    result('p99_us', medianField(latencies, 'p99'), 'us'),
    result('p999_us', medianField(latencies, 'p999'), 'us'),
    result('bytes_per_order', memory, 'bytes'),
    result('replay_10m_s', (replay * 10_000_000) / replayCount, 's'),
    rate('journal', journal, {
      name: "the disk's own write and fdatasync of the same groups",
      rate: disk,
    }),
    ...curve.map(({ count, nanoseconds }) => result(`cost_ns_${count}_resting`, nanoseconds, 'ns')),
    shallowAgainstDeep(shallow, deep),
  ];
  return Promise.resolve({ results });
}

/** 100,000 orders at one price against 100,000 orders over 1,000 prices; below 1 the deep level is slower. */
function shallowAgainstDeep(shallow: number, deep: number): BenchResult {
  return {
    metric: 'cost_ns_deep_level',
    ours: twoDigits(deep),
    peer: twoDigits(shallow),
    peerName: 'the same number of orders on 1,000 levels',
    ratio: twoDigits(shallow / deep),
    unit: 'ns',
  };
}

function result(
  metric: string,
  ours: number,
  unit: string,
  peer?: { readonly name: string; readonly rate: number },
): BenchResult {
  return {
    metric,
    ours: twoDigits(ours),
    peer: peer?.rate ?? null,
    peerName: peer?.name ?? null,
    ratio: peer === undefined ? null : twoDigits(ours / peer.rate),
    unit,
  };
}

/** One measurement in a process of its own; see matching-child.ts. */
interface Sample {
  readonly task: string;
  readonly count: number;
  readonly name?: string;
  /** Of the runtime. */
  readonly flags?: readonly string[];
}

const commandLineOf = ({ task, count, name = '', flags = [] }: Sample): string[] => [
  ...flags,
  child,
  task,
  String(count),
  name,
];

const describe = ({ task, count, name = '', flags = [] }: Sample): string =>
  [...flags, task, name, count].filter((part) => part !== '').join(' ');

function inChild(sample: Sample): Measured {
  const run = spawnSync(process.execPath, commandLineOf(sample), {
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  if (run.status !== 0) throw new Error(`${describe(sample)} failed: ${run.stderr}`);
  return JSON.parse(run.stdout) as Measured;
}

/** The median of each of the measurements, taken one after the other, `times` times over. */
function mediansInTurns(times: number, samples: readonly (() => number)[]): number[] {
  const rounds = Array.from({ length: times }, () => samples.map((sample) => sample()));
  return samples.map((_, index) => median(rounds.map((round) => round[index] ?? 0)));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function medianField(measured: readonly Measured[], field: string): number {
  return median(measured.map((one) => Number(one[field])));
}
