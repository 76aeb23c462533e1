import {
  describeFailure,
  type Platform,
  type ServiceName,
  startPlatform,
} from '@specie/local-platform';
import { runScript, wrap } from '@specie/workspace';
import { ApiClient, textOf } from './api-client.js';
import { type DemoArguments, demoArguments, demoScript } from './arguments.js';
import { awaitRunning } from './attachment.js';
import { untilInterrupted } from './interruption.js';
import { castFor } from './story/cast.js';
import { playStory, type StoryResult } from './story/play.js';
import { loadUsage, type Usage } from './story/usage.js';
import { renderSummary } from './summary-text.js';
import { reportOf } from './summary.js';
import { whereabouts } from './whereabouts.js';

const width = 80;

/** Prints lines with the time since the start; with --json people still see them, before the last line. */
function sayer(started: number): (line: string) => void {
  return (text) => {
    const stamp = `${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  `;
    const lines = text
      .split('\n')
      .flatMap((line) => wrap(line, width - stamp.length))
      .map((line, index) => `${index === 0 ? stamp : ' '.repeat(stamp.length)}${line}`);
    process.stdout.write(text === '' ? '\n' : `${lines.join('\n')}\n`);
  };
}

async function run(options: DemoArguments): Promise<number> {
  const started = performance.now();
  const say = sayer(started);
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
        ...(options.keep ? { ports: options.ports } : {}),
        onProgress: say,
        env: options.sanctionsDir === null ? {} : { SANCTIONS_DIR: options.sanctionsDir },
      });
      platform = await Promise.race([
        starting,
        interrupted.promise.then(() => starting.then((early) => early)),
      ]);
      if (interrupted.happened()) return 130;
    }
    const urlOf = platform ? urlsOf(platform) : await awaitRunning(options.ports.first, say);
    const startSeconds = (performance.now() - started) / 1_000;
    const api = new ApiClient({ urlOf });
    const cast = castFor(usage.tenants.map(({ tenant }) => tenant));
    const story = playStory({ api, cast, usage, say });
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
      interrupted: interrupted.promise,
    });
  } catch (error) {
    process.stderr.write(`\nThe demo failed: ${describeFailure(error)}\n`);
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
    const lines = [
      '',
      'Still running; Ctrl-C stops it and removes its data.',
      ...whereabouts(platform),
      '',
      'Try:',
      `  curl -H 'Authorization: Bearer ${token}' ${platform.url('issuance')}/series`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    await run.interrupted;
  }
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.ok ? 0 : 1;
}

function urlsOf(platform: Platform): (service: ServiceName) => string {
  return (service) => platform.url(service);
}

function lastLogLines(platform: Platform): string {
  return platform.processes
    .filter((process) => !process.running)
    .map((process) => `${process.name} has ended:\n${process.lastOutput()}`)
    .join('\n');
}

await runScript(demoScript, (given) => run(demoArguments(given)));
