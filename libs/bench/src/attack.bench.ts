import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  freePort,
  startPostgres,
  startServiceProcess,
  type ServiceProcess,
} from '@specie/local-platform';
import type { AttackSettings } from './attack-child.js';
import {
  percentile,
  twoDigits,
  type BenchReport,
  type BenchResult,
  type Progress,
} from './bench.js';

export interface AttackOptions {
  readonly attackMs?: number;
  readonly progress?: Progress;
}

/** Settings of an attack without the port, which differs from run to run. */
type Attack = AttackSettings extends infer S
  ? S extends unknown
    ? Omit<S, 'port'>
    : never
  : never;

const entry = resolve(import.meta.dirname, '../../../services/compliance/dist/main.js');
const child = fileURLToPath(new URL('attack-child.js', import.meta.url));
const readyTimeoutMs = 60_000;
const requestTimeoutMs = 10_000;

/**
 * What `/health/live` and the requests of another party take while one service is attacked: by connections that ask
 * and do not read, which needs no token, and by slow bodies under one token.
 */
export async function runAttack(options: AttackOptions = {}): Promise<BenchReport> {
  const { attackMs = 20_000, progress = () => undefined } = options;
  const folder = await mkdtemp(join(tmpdir(), 'specie-bench-attack-'));
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
  try {
    const results: BenchResult[] = [];
    const measure = async (attack: (token: string) => Attack): Promise<void> => {
      const name = `attacked_${randomUUID().slice(0, 8)}`;
      await postgres.createDatabase(name);
      const service = await startService(postgres.url(name), join(folder, `${name}.log`));
      try {
        const settings = attack(await tokenOf(service));
        progress(`${settings.kind}: ${attackMs / 1_000} s`);
        results.push(...(await measureUnder(settings, { service, attackMs })));
      } finally {
        await service.stop();
      }
    };
    await measure(() => ({ kind: 'unread_answers', connectionCount: 3, requestCount: 1_000 }));
    await measure((token) => ({ kind: 'slow_bodies', connectionCount: 2_100, token }));
    return { results };
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startService(databaseUrl: string, logFile: string): Promise<ServiceProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = startServiceProcess({
    name: 'compliance',
    entry,
    url,
    logFile,
    env: {
      NODE_ENV: 'development',
      AUTH_MODE: 'development',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      // The audit has no log here; an empty one would do, this is the service's own.
      PEER_DATABASE_URLS: JSON.stringify({ audit: databaseUrl }),
    },
  });
  await service.ready(readyTimeoutMs);
  return service;
}

async function tokenOf({ url }: ServiceProcess): Promise<string> {
  const response = await fetch(`${url}/dev/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ partyId: randomUUID(), roles: ['compliance-officer'] }),
  });
  const { accessToken } = (await response.json()) as { readonly accessToken: string };
  return accessToken;
}

async function measureUnder(
  attack: Attack,
  run: { readonly service: ServiceProcess; readonly attackMs: number },
): Promise<readonly BenchResult[]> {
  const { url } = run.service;
  const token = await tokenOf(run.service);
  const live = (): Promise<boolean> => request(`${url}/health/live`);
  const register = (): Promise<boolean> =>
    request(`${url}/parties`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify({ kind: 'company', country: 'SE', name: 'Aurora Robotics' }),
    });
  // The first requests of a process compile what they run.
  for (let count = 0; count < 50; count += 1) {
    await live();
    await register();
  }
  const measure = async (): Promise<readonly [Times, Times]> => {
    const endsAt = performance.now() + run.attackMs;
    return Promise.all([times(live, endsAt), times(register, endsAt)]);
  };
  const quiet = await measure();
  const attacker = await begin({ ...attack, port: Number(new URL(url).port) });
  try {
    const attacked = await measure();
    return ['health_live', 'other_caller'].flatMap((what, index) =>
      resultsOf(`${attack.kind}_${what}`, attacked[index], quiet[index]),
    );
  } finally {
    attacker.kill('SIGKILL');
  }
}

/** Resolves when the attack is under way. */
async function begin(settings: AttackSettings): Promise<ChildProcess> {
  const attacker = spawn(process.execPath, [child, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    attacker.stdout.once('data', () => resolve());
    attacker.once('exit', (code) => reject(new Error(`the attacker ended with code ${code}`)));
  });
  return attacker;
}

async function request(url: string, init: RequestInit = {}): Promise<boolean> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(requestTimeoutMs) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

interface Times {
  readonly tookMs: readonly number[];
  readonly failedCount: number;
}

const pauseMs = 10;

/** Sends one request after another until the end. */
async function times(send: () => Promise<boolean>, endsAt: number): Promise<Times> {
  const tookMs: number[] = [];
  let failedCount = 0;
  while (performance.now() < endsAt) {
    const startedAt = performance.now();
    failedCount += (await send()) ? 0 : 1;
    tookMs.push(performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return { tookMs, failedCount };
}

function resultsOf(name: string, attacked?: Times, quiet?: Times): readonly BenchResult[] {
  if (!attacked || !quiet) {
    return [];
  }
  const result = (metric: string, unit: string, of: (times: Times) => number): BenchResult => ({
    metric: `${name}_${metric}`,
    ours: twoDigits(of(attacked)),
    peer: twoDigits(of(quiet)),
    peerName: 'the service left alone',
    ratio: null,
    unit,
  });
  return [
    result('requests', 'requests', ({ tookMs }) => tookMs.length),
    result('failed', 'requests', ({ failedCount }) => failedCount),
    result('p99_ms', 'ms', ({ tookMs }) => percentile(tookMs, 0.99)),
    result('max_ms', 'ms', ({ tookMs }) => Math.max(...tookMs)),
  ];
}
