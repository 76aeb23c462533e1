import { serviceNames, startPlatform } from '@specie/local-platform';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient } from '../src/api-client.js';
import { castFor } from '../src/story/cast.js';
import { playStory } from '../src/story/play.js';
import type { Usage } from '../src/story/usage.js';
import { type DemoReport, reportOf } from '../src/summary.js';

export interface HandoverResult {
  readonly report: DemoReport;
  /** First instances that were killed and stayed dead, in order. */
  readonly killed: readonly string[];
}

/**
 * Plays the story against two instances of every service over Kafka. While it runs, the first instance of
 * every service (the writers of market and issuance among them) is killed for good; the second ones take
 * over by themselves and the story must end as if nothing had happened.
 */
export async function runHandover(options: {
  readonly usage: Usage;
  readonly say?: (line: string) => void;
}): Promise<HandoverResult> {
  const { usage, say = () => undefined } = options;
  const platform = await startPlatform({
    transport: 'kafka',
    instances: 2,
    env: { LOG_LEVEL: 'warn' },
  });
  const killed: string[] = [];
  try {
    let turn = 0;
    const api = new ApiClient({
      urlOf: (service) => platform.url(service, (turn = 1 - turn)),
      patienceMs: 90_000,
      waitMs: 120_000,
    });
    const story = playStory({
      api,
      cast: castFor(usage.tenants.map(({ tenant }) => tenant)),
      usage,
      say,
    });
    const killer = (async (): Promise<void> => {
      for (const service of [
        'market',
        'issuance',
        ...serviceNames.filter((name) => name !== 'market' && name !== 'issuance'),
      ]) {
        await delay(1_500);
        await platform.processes.find(({ name }) => name === service)?.kill();
        killed.push(service);
        say(`killed the first instance of ${service} for good`);
      }
    })();
    const [result] = await Promise.all([story, killer]);
    return {
      report: reportOf(result, usage, {
        transport: 'kafka',
        requests: api.requestCount,
        seconds: result.seconds,
      }),
      killed,
    };
  } finally {
    await platform.stop();
  }
}
