import { createHash, randomUUID } from 'node:crypto';
import type { Platform, ServiceName } from '@specie/local-platform';

export type Body = Readonly<Record<string, unknown>>;

/** Sends requests of one party to the services of a platform. */
export interface BenchCaller {
  readonly partyId: string;
  readonly platform: Platform;
  /** The Authorization header of its requests. */
  readonly authorization: string;
  get(service: ServiceName, path: string): Promise<Body>;
  post(service: ServiceName, path: string, body?: Body): Promise<Body>;
}

/** A caller with a token of the development issuer. */
export async function callerOf(
  platform: Platform,
  roles: readonly string[],
  partyId: string = randomUUID(),
): Promise<BenchCaller> {
  const { accessToken } = await request(`${platform.url('compliance')}/dev/tokens`, {
    method: 'POST',
    body: { partyId, roles },
  });
  const authorization = `Bearer ${String(accessToken)}`;
  return {
    partyId,
    platform,
    authorization,
    get: (service, path) => request(`${platform.url(service)}${path}`, { authorization }),
    post: (service, path, body = {}) =>
      request(`${platform.url(service)}${path}`, { method: 'POST', authorization, body }),
  };
}

/** @throws on every answer that is not a success. */
async function request(
  url: string,
  options: { readonly method?: string; readonly authorization?: string; readonly body?: Body },
): Promise<Body> {
  const { method = 'GET', authorization, body } = options;
  const response = await fetch(url, {
    method,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${url} answered ${response.status} ${text}`);
  }
  return JSON.parse(text) as Body;
}

const evidenceOf = {
  provider: ['incorporation'],
  company: ['incorporation'],
  fund: ['incorporation', 'accreditation'],
} as const;

/** Registers, screens and approves a party; the other services hear of it moments later. */
export async function admit(party: BenchCaller, kind: keyof typeof evidenceOf): Promise<void> {
  const { partyId, platform } = party;
  const registrar = await callerOf(platform, ['compliance-officer']);
  const approver = await callerOf(platform, ['compliance-officer']);
  const name = `Bench ${kind}`;
  await registrar.post('compliance', '/parties', { partyId, kind, country: 'SE', name });
  for (const evidence of evidenceOf[kind]) {
    await registrar.post('compliance', `/parties/${partyId}/evidence`, {
      kind: evidence,
      documentHash: createHash('sha256').update(`${evidence} of ${partyId}`).digest('hex'),
      expiresAt: new Date(Date.now() + 365 * 86_400_000).toISOString(),
    });
  }
  await registrar.post('compliance', `/parties/${partyId}/screenings`);
  const { evidenceHash } = await approver.get('compliance', `/parties/${partyId}/case`);
  await approver.post('compliance', `/parties/${partyId}/approval`, { evidenceHash });
}

/** Calls `run` for 0, 1, 2, … with a few calls at a time; results are in order. */
export async function inTurns<T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      results[index] = await run(index);
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return results;
}

/** An approval takes a moment to reach the other services. */
export async function untilTaken(call: () => Promise<Body>): Promise<Body> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(50);
    }
  }
}

/** Milliseconds that `run` takes. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await run();
  return performance.now() - startMs;
}

/** A day as `YYYY-MM-DD`. */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
