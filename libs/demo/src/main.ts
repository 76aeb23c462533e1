import {
  defaultPorts,
  type Platform,
  type ServiceName,
  startPlatform,
} from '@specie/local-platform';
import { ApiClient, textOf } from './api-client.js';
import { type DemoArguments, demoUsage, parseDemoArguments } from './arguments.js';
import { castFor } from './story/cast.js';
import { playStory, type StoryResult } from './story/play.js';
import { loadUsage, type Usage } from './story/usage.js';
import { renderSummary, reportOf } from './summary.js';
import { untilInterrupted } from './interruption.js';

async function main(): Promise<number> {
  let options: DemoArguments | 'help';
  try {
    options = parseDemoArguments(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\n\n${demoUsage}\n`,
    );
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(`${demoUsage}\n`);
    return 0;
  }
  // With --json only the last line of stdout is for machines; people still see the progress.
  const started = performance.now();
  const say = (line: string): void => {
    const stamp = `${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  `;
    process.stdout.write(line === '' ? '\n' : `${stamp}${line}\n`);
  };
  return run(options, say, started);
}

async function run(
  options: DemoArguments,
  say: (line: string) => void,
  started: number,
): Promise<number> {
  const usage = await loadUsage(options.usageFile);
  say(
    `${usage.jobCount} jobs of ${usage.tenants.length} tenants to meter, ${usage.gpuSeconds} GPU-seconds`,
  );
  const interrupted = untilInterrupted();
  let platform: Platform | null = null;
  try {
    if (!options.attach) {
      const starting = startPlatform({
        transport: options.transport,
        instances: options.instances,
        wellKnownPorts: options.keep,
        onProgress: say,
        env: options.sanctionsDir === null ? {} : { SANCTIONS_DIR: options.sanctionsDir },
      });
      platform = await Promise.race([
        starting,
        interrupted.promise.then(() => starting.then((early) => early)),
      ]);
      if (interrupted.happened()) return 130;
      say(`six services ready`);
    }
    const startSeconds = (performance.now() - started) / 1_000;
    const api = new ApiClient({ urlOf: urls(platform) });
    const story = playStory({
      api,
      cast: castFor(usage.tenants.map(({ tenant }) => tenant)),
      usage,
      say,
    });
    const result = await Promise.race([story, interrupted.promise]);
    if (result === undefined) {
      story.catch(() => undefined);
      say('interrupted; stopping');
      return 130;
    }
    return await finish({
      options,
      usage,
      result,
      api,
      platform,
      startSeconds,
      say,
      interrupted: interrupted.promise,
    });
  } catch (error) {
    process.stderr.write(
      `\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    if (platform) process.stderr.write(`${lastLogLines(platform)}\n`);
    if (options.json)
      process.stdout.write(`${JSON.stringify({ ok: false, error: String(error) })}\n`);
    return 1;
  } finally {
    await platform?.stop();
    interrupted.dispose();
  }
}

async function finish(run: {
  readonly options: DemoArguments;
  readonly usage: Usage;
  readonly result: StoryResult;
  readonly api: ApiClient;
  readonly platform: Platform | null;
  readonly startSeconds: number;
  readonly say: (line: string) => void;
  readonly interrupted: Promise<void>;
}): Promise<number> {
  const { options, usage, result, api, platform } = run;
  const source = textOf(result.audited.report['source'], options.transport);
  const report = reportOf(result, usage, {
    transport: options.attach ? (source === 'kafka' ? 'kafka' : 'postgres') : options.transport,
    requests: api.requestCount,
    seconds: { start: Math.round(run.startSeconds * 1_000) / 1_000, ...result.seconds },
  });
  process.stdout.write(`${renderSummary(report)}\n`);
  if (options.keep && platform) {
    const token = await api.tokenOf(castFor(['visitor']).auditor);
    process.stdout.write(`\nStill running; Ctrl-C stops it and removes its data.\n`);
    for (const service of Object.keys(defaultPorts) as ServiceName[]) {
      process.stdout.write(`  ${service.padEnd(11)} ${platform.url(service)}/docs\n`);
    }
    process.stdout.write(
      `\nTry:\n  curl -H 'Authorization: Bearer ${token}' ${platform.url('issuance')}/series\n`,
    );
    await run.interrupted;
  }
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.ok ? 0 : 1;
}

function urls(platform: Platform | null): (service: ServiceName) => string {
  return (service) => platform?.url(service) ?? `http://127.0.0.1:${defaultPorts[service]}`;
}

function lastLogLines(platform: Platform): string {
  return platform.processes
    .filter((process) => !process.running)
    .map((process) => `${process.name} has ended:\n${process.lastOutput()}`)
    .join('\n');
}

process.exitCode = await main();
