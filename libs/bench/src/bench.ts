import { cpus, totalmem } from 'node:os';

/** One line of a bench: ours against a peer measured in the same run; nulls where there is no peer. */
export interface BenchResult {
  readonly metric: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly peerName: string | null;
  /** Higher is better for us: ours / peer for rates, peer / ours for times. */
  readonly ratio: number | null;
  readonly unit: string;
}

export interface BenchReport {
  readonly results: readonly BenchResult[];
}

/** Prints progress while a bench runs; results go to stdout only at the end. */
export type Progress = (line: string) => void;

export function describeMachine(): Record<string, string | number> {
  const processors = cpus();
  return {
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}

export function rateResult(
  metric: string,
  ours: number,
  peer: number,
  peerName: string,
): BenchResult {
  return {
    metric,
    ours: Math.round(ours),
    peer: Math.round(peer),
    peerName,
    ratio: twoDigits(ours / peer),
    unit: 'events/s',
  };
}

/** A figure that no peer is measured for. */
export function ownResult(metric: string, ours: number, unit: string): BenchResult {
  return { metric, ours: twoDigits(ours), peer: null, peerName: null, ratio: null, unit };
}

export function twoDigits(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The value below which `share` of the sorted samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
