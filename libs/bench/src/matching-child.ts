import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchWriter, JournalFile, MatchingCore, readJournal } from '@specie/matching-core';
import {
  BareMatcher,
  fnvOfWords,
  generateW1,
  openW1,
  W1Commands,
  W1Kind,
  W1_COMMAND_WIDTH,
  W1_LIMITS,
  W1_OP_WIDTH,
  W1_PRELUDE_COUNT,
} from '@specie/matching-core/workload';
import { LEVELS, depthCost, restingCost, restingMemory } from './matching-resting.js';
import { openMatchingPeer } from './matching-peers.js';

/**
 * One measurement in a process of its own: `node matching-child.js <task> <count> [name]` prints one JSON object.
 * Everything is generated before the clock starts; the prelude of W1 is not timed.
 */
type Measured = Readonly<Record<string, number | string>>;

/** Commands whose events a subscriber takes at once: few enough that they stay in the first cache. */
const EVENT_BATCH = 64;
const GROUP_COMMIT = 4_096;
/** What a peer may play before it is measured warm; our own warm-up is no longer. */
const WARM_UP_COMMANDS = 170_000;

const tasks: Readonly<Record<string, (count: number, name: string) => Measured>> = {
  full_cold: (count) => full(count, false),
  full_warmed: (count) => full(count, true),
  bare,
  latency,
  peer_cold: (count, name) => peer(count, name, false),
  peer_warmed: (count, name) => peer(count, name, true),
  peer_check: peerCheck,
  replay,
  journal,
  disk,
  resting: restingCost,
  deep: (count) => depthCost(count, 1),
  shallow: (count) => depthCost(count, LEVELS),
  memory: (count) => restingMemory(count),
};

const [task = '', count = '0', name = ''] = process.argv.slice(2);
const measure = tasks[task];
if (measure === undefined) throw new Error(`no such task: ${task}`);
process.stdout.write(`${JSON.stringify(measure(Number(count), name))}\n`);

/** Operations per second of the clock, and per second of processor time, which a busy machine distorts less. */
function rateOf(count: number, work: () => void): { rate: number; cpuRate: number } {
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { rate: count / seconds, cpuRate: count / ((user + system) / 1e6) };
}

/** A venue open for W1, the commands of W1 in binary form, and the way to apply some of them. */
function prepared(
  count: number,
  warmUp = false,
): {
  engine: MatchingCore;
  stream: Float64Array;
  apply: (first: number, end: number) => void;
} {
  const stream = new W1Commands(generateW1(count).ops).stream();
  if (warmUp) MatchingCore.warmUp();
  const engine = new MatchingCore(W1_LIMITS);
  for (const command of openW1()) engine.apply(command);
  const applyBatch = (first: number, end: number): void => {
    for (let k = first; k < end; k++) engine.execute(stream, k * W1_COMMAND_WIDTH);
    engine.events.clear();
  };
  const apply = (first: number, end: number): void => {
    for (let k = first; k < end; k += EVENT_BATCH) applyBatch(k, Math.min(k + EVENT_BATCH, end));
  };
  apply(0, W1_PRELUDE_COUNT);
  return { engine, stream, apply };
}

/**
 * Validate, reserve, prevent self-trades, match, charge fees, write events, fold the state hash; in a venue that warms up
 * before it opens, or does not.
 */
function full(count: number, warmUp: boolean): Measured {
  const { engine, apply } = prepared(count, warmUp);
  const rates = rateOf(count, () => apply(W1_PRELUDE_COUNT, W1_PRELUDE_COUNT + count));
  const view = engine.stateView();
  return {
    ...rates,
    trades: view.tradeCount,
    openOrders: view.openOrders,
    hash: engine.stateHash(),
  };
}

function bare(count: number): Measured {
  const { ops, trades } = generateW1(count);
  const matcher = new BareMatcher({ ...W1_LIMITS, tradeCapacity: trades.length / 4 });
  const apply = (first: number, end: number) => {
    for (let at = first * W1_OP_WIDTH; at < end * W1_OP_WIDTH; at += W1_OP_WIDTH) {
      const kind = ops[at] as number;
      const id = ops[at + 1] as number;
      if (kind === W1Kind.cancel) {
        matcher.cancel(id);
        continue;
      }
      const side = ops[at + 2] as number;
      const isLimit = kind === W1Kind.limit;
      const limit = isLimit ? (ops[at + 3] as number) : side === 0 ? 0x7fffffff : 0;
      matcher.enter(id, side, limit, ops[at + 4] as number, isLimit);
    }
  };
  apply(0, W1_PRELUDE_COUNT);
  const rates = rateOf(count, () => apply(W1_PRELUDE_COUNT, W1_PRELUDE_COUNT + count));
  return { ...rates, fnv: fnvOfWords(matcher.trades) };
}

/** Each command between two readings of the clock, the reading included. */
function latency(count: number): Measured {
  const { engine, stream } = prepared(count);
  const samples = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const offset = (W1_PRELUDE_COUNT + k) * W1_COMMAND_WIDTH;
    const start = performance.now();
    engine.execute(stream, offset);
    samples[k] = performance.now() - start;
    engine.events.clear();
  }
  samples.sort();
  const at = (share: number) => (samples[Math.floor(count * share)] as number) * 1000;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1 - 1 / count) };
}

/** A peer warms up on a throwaway book with the very operations to come. */
function peer(count: number, name: string, warmUp: boolean): Measured {
  const { ops } = generateW1(count);
  const warmUpEnd = Math.min(WARM_UP_COMMANDS, W1_PRELUDE_COUNT + count);
  if (warmUp) openMatchingPeer(name).run(ops, 0, warmUpEnd);
  const engine = openMatchingPeer(name);
  engine.run(ops, 0, W1_PRELUDE_COUNT);
  return rateOf(count, () => engine.run(ops, W1_PRELUDE_COUNT, W1_PRELUDE_COUNT + count));
}

/** Not timed: throws unless the peer trades what W1 says. */
function peerCheck(count: number, name: string): Measured {
  const { ops, counts } = generateW1(count);
  const engine = openMatchingPeer(name);
  const tally = { lots: 0 };
  engine.run(ops, 0, W1_PRELUDE_COUNT + count, tally);
  if (tally.lots !== counts.lots)
    throw new Error(`${engine.name} traded ${tally.lots} lots, not ${counts.lots}`);
  return tally;
}

/** Every command of W1 read back from journal batches and applied. */
function replay(count: number): Measured {
  const commands = new W1Commands(generateW1(count).ops);
  const batch = new BatchWriter();
  const segments: Uint8Array[] = [];
  for (let k = 0; k < commands.count; k++) {
    batch.append(commands.at(k));
    if (batch.count === GROUP_COMMIT || k === commands.count - 1)
      segments.push(batch.seal().slice());
  }
  const bytes = segments.reduce((sum, segment) => sum + segment.length, 0);
  const engine = new MatchingCore(W1_LIMITS);
  for (const command of openW1()) engine.apply(command);
  const { events } = engine;
  let replayed = 0;
  const start = performance.now();
  for (const segment of segments) {
    replayed += readJournal(segment, (command) => engine.execute(command)).commands;
    events.clear();
  }
  const seconds = (performance.now() - start) / 1000;
  return { seconds, commands: replayed, bytes, hash: engine.stateHash() };
}

/** Applied and durable: one write and one fdatasync for every group of commands. */
function journal(count: number): Measured {
  const { engine, stream } = prepared(count);
  const directory = mkdtempSync(join(tmpdir(), 'matching-journal-'));
  try {
    const { journal: file } = JournalFile.open(join(directory, 'journal'), () => undefined);
    const start = performance.now();
    for (let k = W1_PRELUDE_COUNT; k < W1_PRELUDE_COUNT + count; k++) {
      file.append(stream, k * W1_COMMAND_WIDTH);
      engine.execute(stream, k * W1_COMMAND_WIDTH);
      if (k % GROUP_COMMIT === 0) {
        file.commit();
        engine.events.clear();
      }
    }
    file.commit();
    const seconds = (performance.now() - start) / 1000;
    file.close();
    return { rate: count / seconds, groupCommit: GROUP_COMMIT };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What the disk alone allows: the same bytes per group, written and synced with nothing else done. */
function disk(count: number): Measured {
  const commands = new W1Commands(generateW1(count).ops);
  const batch = new BatchWriter();
  const groups: Uint8Array[] = [];
  for (let k = W1_PRELUDE_COUNT; k < commands.count; k++) {
    batch.append(commands.at(k));
    if (batch.count === GROUP_COMMIT) groups.push(batch.seal().slice());
  }
  const directory = mkdtempSync(join(tmpdir(), 'matching-journal-'));
  try {
    const file = openSync(join(directory, 'disk'), 'w');
    const start = performance.now();
    for (const group of groups) {
      writeSync(file, group);
      fdatasyncSync(file);
    }
    const seconds = (performance.now() - start) / 1000;
    closeSync(file);
    return {
      syncsPerSecond: groups.length / seconds,
      rate: (groups.length * GROUP_COMMIT) / seconds,
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
