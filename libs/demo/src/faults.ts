import {
  type Platform,
  type ServiceName,
  serviceNames,
  startPlatform,
} from '@specie/local-platform';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Actor, ApiClient, type ApiClientOptions, type Json } from './api-client.js';
import { countEvents } from './event-count.js';
import { auditEverything } from './story/auditing.js';
import { castFor } from './story/cast.js';
import { playStory, type StoryResult } from './story/play.js';
import type { Usage } from './story/usage.js';
import { reportOf } from './summary.js';

export interface FaultOptions {
  readonly seed: number;
  readonly transport: 'postgres' | 'kafka';
  /** Stories are played until this many kills happened. */
  readonly killCountMin: number;
  /** Kills per story; after them the story runs to its end in peace. */
  readonly killsPerStory: number;
  readonly usage: Usage;
  readonly instances?: number;
  readonly say?: (line: string) => void;
}

export interface FaultResult {
  readonly seed: number;
  readonly stories: number;
  /** Kills by victim. */
  readonly kills: Readonly<Record<string, number>>;
  readonly killCount: number;
  /** Writes that were answered "done", all of them sent again at the end. */
  readonly acknowledgedWrites: number;
  /** What broke; empty when everything held. */
  readonly findings: readonly string[];
}

interface AcknowledgedWrite {
  readonly actor: Actor;
  readonly service: ServiceName;
  readonly path: string;
  readonly body: Json;
  readonly key: string;
  readonly answer: Json;
}

/** Remembers every write that was answered "done", to prove later that it was, exactly once. */
class RecordingApiClient extends ApiClient {
  readonly acknowledged: AcknowledgedWrite[] = [];

  constructor(options: ApiClientOptions) {
    super(options);
  }

  override async post(
    actor: Actor,
    service: ServiceName,
    path: string,
    body: Json = {},
    key = crypto.randomUUID(),
  ): Promise<Json> {
    const answer = await super.post(actor, service, path, body, key);
    this.acknowledged.push({ actor, service, path, body, key, answer });
    return answer;
  }
}

/** mulberry32: the same seed gives the same numbers from 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Plays the story again and again while services, PostgreSQL and Kafka are killed with SIGKILL at moments
 * the seed chooses, then demands that the audit finds nothing and that every acknowledged write is there
 * exactly once. A run that waits for ever fails by the deadlines of the story itself.
 */
export async function runFaults(options: FaultOptions): Promise<FaultResult> {
  const {
    seed,
    transport,
    killCountMin,
    killsPerStory,
    usage,
    instances = 1,
    say = () => undefined,
  } = options;
  const platform = await startPlatform({
    transport,
    instances,
    supervise: true,
    env: { LOG_LEVEL: 'warn' },
  });
  const kills: Record<string, number> = {};
  const findings: string[] = [];
  const next = { instance: 0 };
  const api = new RecordingApiClient({
    urlOf: (service) => platform.url(service, (next.instance = (next.instance + 1) % instances)),
    patienceMs: 120_000,
    waitMs: 180_000,
  });
  const killer = startKiller({ platform, random: seeded(seed), kills, say });
  let stories = 0;
  try {
    const results: StoryResult[] = [];
    while (count(kills) < killCountMin || stories === 0) {
      stories += 1;
      killer.allow(killsPerStory);
      say(`story ${stories}, ${count(kills)} kills so far`);
      const cast = castFor(usage.tenants.map(({ tenant }) => tenant));
      results.push(await playStory({ api, cast, usage, say: () => undefined }));
    }
    await killer.stop();
    await Promise.all(platform.processes.map((process) => process.ready(60_000)));
    for (const result of results) {
      const report = reportOf(result, usage, { transport, requests: 0, seconds: {} });
      if (!report.ok)
        findings.push(
          `a story does not add up: ${JSON.stringify({ tokens: report.tokens, audit: report.audit })}`,
        );
    }
    findings.push(...(await auditFindings(api, usage, say)));
    findings.push(...(await repeatFindings(api, platform)));
  } catch (error) {
    findings.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await killer.stop();
    await platform.stop();
  }
  return {
    seed,
    stories,
    kills,
    killCount: count(kills),
    acknowledgedWrites: api.acknowledged.length,
    findings,
  };
}

const count = (kills: Readonly<Record<string, number>>): number =>
  Object.values(kills).reduce((sum, n) => sum + n, 0);

/** The audit after recovery: no finding, all digests equal, all invariants hold. */
async function auditFindings(
  api: ApiClient,
  usage: Usage,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const cast = castFor(usage.tenants.map(({ tenant }) => tenant));
  const { report } = await auditEverything({ api, cast, usage, say });
  return report['ok'] === true
    ? []
    : [`the audit after recovery: ${JSON.stringify(report).slice(0, 4_000)}`];
}

/** Every acknowledged write sent once more must give the first answer and add no event. */
async function repeatFindings(
  api: RecordingApiClient,
  platform: Platform,
): Promise<readonly string[]> {
  const findings: string[] = [];
  const before = await eventCounts(platform);
  for (const write of [...api.acknowledged]) {
    try {
      const answer = await ApiClient.prototype.post.call(
        api,
        write.actor,
        write.service,
        write.path,
        write.body,
        write.key,
      );
      if (!isDeepStrictEqual(answer, write.answer)) {
        findings.push(
          `${write.service}${write.path} first answered ${JSON.stringify(write.answer)}, now ${JSON.stringify(answer)}`,
        );
      }
    } catch (error) {
      findings.push(
        `${write.service}${write.path} was answered "done" and is now refused: ${String(error)}`,
      );
    }
  }
  const after = await eventCounts(platform);
  for (const service of serviceNames) {
    if (after[service] !== before[service])
      findings.push(`repeats added ${after[service] - before[service]} events to ${service}`);
  }
  return findings;
}

async function eventCounts(platform: Platform): Promise<Record<ServiceName, number>> {
  const counts = await Promise.all(
    serviceNames.map(
      async (name) => [name, await countEvents(platform.databaseUrl(name))] as const,
    ),
  );
  return Object.fromEntries(counts) as Record<ServiceName, number>;
}

interface Killer {
  /** Lets it kill this often from now on. */
  allow(killCount: number): void;
  stop(): Promise<void>;
}

function startKiller(run: {
  readonly platform: Platform;
  readonly random: () => number;
  readonly kills: Record<string, number>;
  readonly say: (line: string) => void;
}): Killer {
  const { platform, random, kills, say } = run;
  let active = true;
  let allowed = 0;
  const killOne = async (): Promise<void> => {
    await delay(150 + random() * 1_500);
    const draw = random();
    const pick = random();
    const downMs = 50 + random() * 400;
    if (!active || allowed === 0) return;
    let victim: string;
    if (platform.kafka && draw < 0.1) {
      victim = 'kafka';
      await platform.kafka.kill();
      await delay(downMs);
      await platform.kafka.restart();
    } else if (draw < 0.2) {
      victim = 'postgres';
      await platform.postgres.kill();
      await delay(downMs);
      await platform.postgres.restart();
    } else {
      const process = platform.processes[Math.floor(pick * platform.processes.length)];
      if (!process?.running) return;
      victim = process.name;
      await process.kill();
    }
    allowed -= 1;
    kills[victim] = (kills[victim] ?? 0) + 1;
    say(`killed ${victim}`);
  };
  const loop = (async (): Promise<void> => {
    while (active) await killOne();
  })();
  return {
    allow: (killCount) => {
      allowed = killCount;
    },
    stop: async () => {
      active = false;
      await loop;
    },
  };
}
