import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform, type ServiceProcess } from '@specie/local-platform';
import type { IdleProbeSettings, IdleReading } from './idle-probe.js';

export interface IdleServicesOptions {
  /** False: kafkajs as it is published. */
  readonly isMended: boolean;
  readonly settleMs: number;
  readonly measureMs: number;
}

/**
 * How much of a core each process of a platform without work takes, by service, in percent: the services as
 * `npm start -- --kafka` runs them, on a Kafka and a PostgreSQL of their own.
 */
export async function measureIdleServices({
  isMended,
  settleMs,
  measureMs,
}: IdleServicesOptions): Promise<ReadonlyMap<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'specie-bench-idle-'));
  const settings: IdleProbeSettings = { isMended, folder };
  const platform = await startPlatform({
    transport: 'kafka',
    env: {
      NODE_OPTIONS: `--import ${new URL('idle-probe.js', import.meta.url).href}`,
      SPECIE_IDLE_PROBE: JSON.stringify(settings),
    },
  });
  try {
    await pause(settleMs);
    const readAll = (count: number): Promise<readonly IdleReading[]> =>
      Promise.all(platform.processes.map((service) => read(service, folder, count)));
    const before = await readAll(1);
    await pause(measureMs);
    const after = await readAll(2);
    return new Map(
      platform.processes.map(({ name }, index) => [name, percentOf(before[index], after[index])]),
    );
  } finally {
    await platform.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function percentOf(before?: IdleReading, after?: IdleReading): number {
  return before && after
    ? (100 * (after.cpuMs - before.cpuMs)) / (after.atMs - before.atMs)
    : Number.NaN;
}

/** The `count`th reading of a process, which its probe takes when it is asked to. */
async function read(
  { name, pid }: ServiceProcess,
  folder: string,
  count: number,
): Promise<IdleReading> {
  if (pid === undefined) {
    throw new Error(`${name} does not run`);
  }
  const file = join(folder, String(pid));
  process.kill(pid, 'SIGUSR2');
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const line = existsSync(file) ? readFileSync(file, 'utf8').split('\n')[count - 1] : undefined;
    if (line?.endsWith('}')) {
      return JSON.parse(line) as IdleReading;
    }
    await pause(20);
  }
  throw new Error(`${name} did not tell its processor time`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
