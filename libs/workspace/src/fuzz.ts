import {
  type Platform,
  type ServiceName,
  serviceNames,
  startPlatform,
} from '@specie/local-platform';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from './repository.js';
import { ensureSchemathesis, runCommand } from './schemathesis.js';

/**
 * `npm run fuzz [-- --short] [-- --seed N] [-- --service NAME] [-- --json]`: starts the platform on free ports with temporary data
 * and lets schemathesis send what the OpenAPI document of each service allows and forbids, with a token of all roles
 * and without one. Fails when an answer is not what the document says.
 */

interface Run {
  readonly service: ServiceName;
  readonly token: 'all roles' | 'none';
  readonly cases: number;
  readonly failures: readonly string[];
}

const usage = `npm run fuzz -- [options]
  --short          under two minutes for all services, as CI does; otherwise nine
  --seed N         repeat a run (default 1)
  --service NAME   only this one; several times for several
  --json           the last line of stdout is one JSON object
`;
/** The party of the token is the one in the examples, so that what they name is the caller's. */
const partyId = '0192d1a0-7b5e-7c3d-8e4f-000000000002';
const roles = [
  'provider-admin',
  'founder',
  'investor',
  'compliance-officer',
  'market-operator',
  'auditor',
  'gpu-agent',
];

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  const seed = valuesOf('--seed')[0] ?? '1';
  const chosen = valuesOf('--service');
  const services = serviceNames.filter((name) => chosen.length === 0 || chosen.includes(name));
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
        const run = await fuzz(platform, { schemathesis, reports, seed, service, token });
        say(
          `${service.padEnd(11)} token: ${token.padEnd(10)}${String(run.cases).padStart(6)} cases, ${run.failures.length} failures`,
        );
        for (const failure of run.failures) say(`  ${failure}`);
        runs.push(run);
      }
    }
    return report(runs, seed);
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
}

async function fuzz(platform: Platform, options: FuzzOptions): Promise<Run> {
  const { schemathesis, reports, seed, service, token } = options;
  const url = platform.url(service);
  const path = join(reports, `${service}-${token === 'none' ? 'none' : 'all'}.json`);
  const authorization =
    token === 'none' ? [] : ['--header', `Authorization: Bearer ${await tokenOf(url)}`];
  const budget = process.argv.includes('--short')
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

async function tokenOf(url: string): Promise<string> {
  const response = await fetch(`${url}/dev/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ partyId, roles, ttlSeconds: 3_600 }),
  });
  return ((await response.json()) as { readonly accessToken: string }).accessToken;
}

function report(runs: readonly Run[], seed: string): number {
  const cases = runs.reduce((sum, run) => sum + run.cases, 0);
  const failures = runs.reduce((sum, run) => sum + run.failures.length, 0);
  say(`${cases} cases, ${failures} failures, seed ${seed}`);
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ cases, failures, seed: Number(seed), runs })}\n`);
  }
  return failures === 0 ? 0 : 1;
}

function valuesOf(name: string): readonly string[] {
  return process.argv.filter((_argument, index) => process.argv[index - 1] === name);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
