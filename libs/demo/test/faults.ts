import {
  type Platform,
  type ServiceProcess,
  type ServiceName,
  serviceNames,
  startPlatform,
} from '@specie/local-platform';
import { isDeepStrictEqual } from 'node:util';
import { type Actor, ApiClient, type ApiClientOptions, type Json } from '../src/api-client.js';
import { countEvents } from './event-count.js';
import { startDisturber } from './faults/disturber.js';
import { intrude } from './faults/intruder.js';
import { parkParty } from './faults/parked-party.js';
import { replaceWriter } from './faults/replaced-writer.js';
import { restoreBackup, restoredService, takeBackup } from './faults/restored-backup.js';
import { seeded } from './seeded.js';
import { auditEverything } from '../src/story/auditing.js';
import { type Cast, castFor } from '../src/story/cast.js';
import { playStory, type StoryResult } from '../src/story/play.js';
import type { Usage } from '../src/story/usage.js';
import { reportOf } from '../src/summary.js';

export interface FaultOptions {
  readonly seed: number;
  readonly transport: 'postgres' | 'kafka';
  /** Stories are played until this many kills and pauses happened. */
  readonly faultCountMin: number;
  /** Kills and pauses per story; after them the story runs to its end in peace. */
  readonly faultsPerStory: number;
  readonly usage: Usage;
  /** With two or more, instances are also paused, and writers replaced. */
  readonly instances?: number;
  readonly say?: (line: string) => void;
}

export interface FaultResult {
  readonly seed: number;
  readonly stories: number;
  /** What was done to whom, how often: `killed market`, `paused issuance-2`. */
  readonly faults: Readonly<Record<string, number>>;
  readonly faultCount: number;
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

/** Played one after another between the stories, when nothing else is being disturbed. */
type Scene = (run: {
  readonly platform: Platform;
  readonly api: ApiClient;
  readonly cast: Cast;
  /** As a load balancer does: no more requests to this address. */
  readonly avoid: (url: string | null) => void;
  readonly say: (line: string) => void;
}) => Promise<readonly string[]>;

/**
 * Plays the story again and again while services, PostgreSQL and Kafka are killed with SIGKILL and, with
 * several instances, processes are paused with SIGSTOP, at moments the seed chooses; between the stories
 * it plays scenes that aim at one weakness each. Then it demands that the audit finds nothing and that
 * every acknowledged write is there exactly once. A run that hangs fails by the deadlines of the story.
 */
export async function runFaults(options: FaultOptions): Promise<FaultResult> {
  const { seed, transport, usage, instances = 1, say = () => undefined } = options;
  const platform = await startPlatform({
    transport,
    instances,
    supervise: true,
    env: { LOG_LEVEL: 'warn' },
  });
  const faults: Record<string, number> = {};
  const findings: string[] = [];
  const next: { instance: number; avoided: string | null } = { instance: 0, avoided: null };
  const nextUrl = (service: ServiceName): string =>
    platform.url(service, (next.instance = (next.instance + 1) % instances));
  const api = new RecordingApiClient({
    urlOf: (service) => {
      const url = nextUrl(service);
      return url === next.avoided ? nextUrl(service) : url;
    },
    patienceMs: 120_000,
    waitMs: 180_000,
  });
  const disturber = startDisturber({
    platform,
    random: seeded(seed),
    done: faults,
    say,
    pauseShare: instances > 1 ? 0.3 : 0,
  });
  const scenes: Scene[] = instances > 1 ? [takeBackup, replaceWriter, restoreBackup] : [];
  let stories = 0;
  try {
    const results: StoryResult[] = [];
    let cast = castOf(usage);
    while (count(faults) < options.faultCountMin || scenes.length > 0 || stories === 0) {
      stories += 1;
      disturber.allow(options.faultsPerStory);
      say(`story ${stories}, ${count(faults)} kills and pauses so far`);
      cast = castOf(usage);
      results.push(await playStory({ api, cast, usage, say: () => undefined }));
      const scene = scenes.shift();
      if (scene) {
        await disturber.rest();
        await allReady(platform);
        const avoid = (url: string | null): void => {
          next.avoided = url;
        };
        findings.push(...(await scene({ platform, api, cast, avoid, say })));
      }
    }
    await disturber.stop();
    await allReady(platform);
    for (const result of results) {
      const report = reportOf(result, usage, { transport, requests: 0, seconds: {} });
      if (!report.ok)
        findings.push(
          `a story does not add up: ${JSON.stringify({ tokens: report.tokens, audit: report.audit })}`,
        );
    }
    findings.push(...(await auditFindings(api, usage, say)));
    findings.push(...(await repeatFindings(api, platform)));
    const last = results.at(-1);
    if (last && instances > 1) {
      findings.push(...(await intrude({ platform, api, say })));
      const { seriesId } = last.issued;
      findings.push(...(await parkParty({ platform, api, cast, seriesId, say })));
    }
  } catch (error) {
    findings.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    findings.push(...(await Promise.all(platform.processes.map(healthOf))));
  } finally {
    await disturber.stop();
    await platform.stop();
  }
  return {
    seed,
    stories,
    faults,
    faultCount: count(faults),
    acknowledgedWrites: api.acknowledged.length,
    findings,
  };
}

function castOf({ tenants }: Usage): Cast {
  return castFor(tenants.map(({ tenant }) => tenant));
}

async function allReady(platform: Platform): Promise<void> {
  await Promise.all(platform.processes.map((process) => process.ready(60_000)));
}

/** What an instance says of itself where a run has failed. */
async function healthOf({ name, url }: ServiceProcess): Promise<string> {
  const health = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) }).then(
    (response) => response.text(),
    String,
  );
  return `${name}: ${health}`;
}

const count = (faults: Readonly<Record<string, number>>): number =>
  Object.values(faults).reduce((sum, n) => sum + n, 0);

/** The audit after recovery: no finding, all digests equal, all invariants hold. */
async function auditFindings(
  api: ApiClient,
  usage: Usage,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const cast = castOf(usage);
  const { report } = await auditEverything({ api, cast, usage, say });
  return report['ok'] === true
    ? []
    : [`the audit after recovery: ${JSON.stringify(report).slice(0, 4_000)}`];
}

/**
 * Every acknowledged write sent once more must give the first answer and add no event. A log that was put
 * back from its topic knows the events of a command, not the version that its answer named.
 */
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
      const isPutBack = platform.kafka !== null && write.service === restoredService;
      const same = isPutBack
        ? answer['id'] === write.answer['id']
        : isDeepStrictEqual(answer, write.answer);
      if (!same) {
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
