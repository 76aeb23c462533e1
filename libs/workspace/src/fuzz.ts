import {
  type Platform,
  type ServiceName,
  serviceNames,
  startPlatform,
} from '@specie/local-platform';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runScript, UsageError, type Given, type Script } from './command-line.js';
import { repositoryRoot } from './repository.js';
import { ensureSchemathesis, runCommand } from './schemathesis.js';

interface Run {
  readonly service: ServiceName;
  readonly token: 'all roles' | 'none';
  readonly cases: number;
  readonly failures: readonly string[];
}

const script = {
  command: 'npm run fuzz',
  summary:
    'Starts the platform on free ports with temporary data and lets schemathesis send what the OpenAPI document of each service allows and forbids, with a token of all roles and without one. Fails when an answer is not what the document says.',
  options: {
    short: {
      type: 'boolean',
      help: 'under two minutes for all services, as CI does; otherwise nine',
    },
    seed: { type: 'string', value: 'N', help: 'repeats a run; 1 unless given' },
    service: { type: 'string', value: 'NAME', help: 'only this one; all six unless given' },
    json: { type: 'boolean', help: 'the last line is one JSON object' },
  },
} as const satisfies Script;

/** The party of the token is the one in the examples, so that what they name is the caller's. */
const partyId = '0192d1a0-7b5e-7c3d-8e4f-000000000002';
async function main({ options }: Given<typeof script.options>): Promise<number> {
  const { seed = '1', service: only, short: isShort, json: asJson } = options;
  if (!/^\d{1,9}$/.test(seed)) throw new UsageError('--seed: a whole number');
  const services = serviceNames.filter((name) => only === undefined || name === only);
  if (services.length === 0) {
    throw new UsageError(`--service: one of ${serviceNames.join(', ')}`);
  }
  const schemathesis = await ensureSchemathesis(say);
  const reports = mkdtempSync(join(tmpdir(), 'specie-fuzz-'));
  const platform = await startPlatform({
    transport: 'postgres',
    env: { RATE_LIMIT_PER_SECOND: '0', AUTH_FAILURES_PER_SECOND: '0', LOG_LEVEL: 'warn' },
    onProgress: say,
  });
  try {
    const runs: Run[] = [];
    for (const service of services) {
      for (const token of ['all roles', 'none'] as const) {
        const run = await fuzz(platform, { schemathesis, reports, seed, service, token, isShort });
        say(
          `${service.padEnd(11)} token: ${token.padEnd(10)}${String(run.cases).padStart(6)} cases, ${run.failures.length} failures`,
        );
        for (const failure of run.failures) say(`  ${failure}`);
        runs.push(run);
      }
    }
    return report(runs, seed, asJson);
  } finally {
    await platform.stop();
    rmSync(reports, { recursive: true, force: true });
  }
}

interface FuzzOptions {
  readonly schemathesis: string;
  readonly reports: string;
  readonly seed: string;
  readonly service: ServiceName;
  readonly token: Run['token'];
  readonly isShort: boolean;
}

async function fuzz(platform: Platform, options: FuzzOptions): Promise<Run> {
  const { schemathesis, reports, seed, service, token, isShort } = options;
  const url = platform.url(service);
  const path = join(reports, `${service}-${token === 'none' ? 'none' : 'all'}.json`);
  const authorization =
    token === 'none' ? [] : ['--header', `Authorization: Bearer ${await tokenOf(url)}`];
  const budget = isShort
    ? [
        '--max-time',
        token === 'none' ? '3' : '8',
        '--max-examples',
        '5',
        '--phases',
        'examples,coverage,fuzzing',
      ]
    : ['--max-time', token === 'none' ? '20' : '60', '--max-examples', '100'];
  const { output } = await runCommand(
    schemathesis,
    [
      ...['--config-file', join(repositoryRoot, 'infra/fuzz/schemathesis.toml'), '--no-color'],
      ...['run', `${url}/docs/openapi.json`, '--checks', 'all', '--seed', seed],
      ...['--continue-on-failure', '--report', 'json', '--report-json-path', path],
      ...budget,
      ...authorization,
    ],
    { cwd: reports, env: { SCHEMATHESIS_HOOKS: join(repositoryRoot, 'infra/fuzz/hooks.py') } },
  );
  const found = readReport(path);
  if (!found) {
    throw new Error(`schemathesis wrote no report on ${service}:\n${output}`);
  }
  if (found.failures.length > 0) say(output);
  return {
    service,
    token,
    cases: found.test_cases.generated,
    failures: [...found.failures, ...found.errors].flatMap(({ title, operations = ['?'] }) =>
      operations.map((operation) => `${title}: ${JSON.stringify(operation)}`),
    ),
  };
}

interface Report {
  readonly test_cases: { readonly generated: number };
  readonly failures: readonly Finding[];
  readonly errors: readonly Finding[];
}
interface Finding {
  readonly title: string;
  readonly operations?: readonly unknown[];
}

function readReport(path: string): Report | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    return null;
  }
}

interface TokenDocument {
  readonly paths: {
    readonly '/dev/tokens': {
      readonly post: {
        readonly requestBody: {
          readonly content: {
            readonly 'application/json': {
              readonly schema: {
                readonly properties: {
                  readonly roles: { readonly items: { readonly enum: readonly string[] } };
                };
              };
            };
          };
        };
      };
    };
  };
}

/** A token of every role that the service's document names. */
async function tokenOf(url: string): Promise<string> {
  const document = (await (await fetch(`${url}/docs/openapi.json`)).json()) as TokenDocument;
  const body = document.paths['/dev/tokens'].post.requestBody.content['application/json'].schema;
  const roles = body.properties.roles.items.enum;
  const response = await fetch(`${url}/dev/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ partyId, roles, ttlSeconds: 3_600 }),
  });
  return ((await response.json()) as { readonly accessToken: string }).accessToken;
}

function report(runs: readonly Run[], seed: string, asJson: boolean): number {
  const cases = runs.reduce((sum, run) => sum + run.cases, 0);
  const failures = runs.reduce((sum, run) => sum + run.failures.length, 0);
  say(`${cases} cases, ${failures} failures, seed ${seed}`);
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ cases, failures, seed: Number(seed), runs })}\n`);
  }
  return failures === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await runScript(script, main);
