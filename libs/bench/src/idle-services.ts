import { startPlatform, type Platform, type PlatformOptions } from '@specie/local-platform';
import { processorMs, treeProcessorMs } from './processor-time.js';

export interface IdlePlatformOptions {
  readonly transport: PlatformOptions['transport'];
  /** False: kafkajs as it is published. */
  readonly isFixed?: boolean;
  readonly settleMs: number;
  readonly measureMs: number;
}

/**
 * How much of a core each process of a platform without work takes, in percent: the services as `npm start`
 * runs them, and the servers that it starts for them, PostgreSQL with all its processes.
 */
export async function measureIdlePlatform({
  transport,
  isFixed = true,
  settleMs,
  measureMs,
}: IdlePlatformOptions): Promise<ReadonlyMap<string, number>> {
  const published = new URL('keep-published-queue.js', import.meta.url).href;
  const platform = await startPlatform({
    transport,
    env: isFixed ? {} : { NODE_OPTIONS: `--import ${published}` },
  });
  try {
    await pause(settleMs);
    const before = readAll(platform);
    const startedAt = performance.now();
    await pause(measureMs);
    const elapsedMs = performance.now() - startedAt;
    return new Map(
      [...readAll(platform)].map(([name, ms]) => [
        name,
        (100 * (ms - (before.get(name) ?? 0))) / elapsedMs,
      ]),
    );
  } finally {
    await platform.stop();
  }
}

function readAll({ processes, postgres, kafka }: Platform): ReadonlyMap<string, number> {
  const servers = { postgresql: postgres.pid, kafka: kafka?.pid };
  return new Map([
    ...processes.map(({ name, pid }): [string, number] => {
      if (pid === undefined) throw new Error(`${name} does not run`);
      return [name, processorMs(pid)];
    }),
    ...Object.entries(servers).flatMap(([name, pid]): [string, number][] =>
      pid === undefined ? [] : [[name, treeProcessorMs(pid)]],
    ),
  ]);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
