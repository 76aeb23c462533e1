import type { ServiceName } from '@specie/local-platform';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

export type Role =
  | 'provider-admin'
  | 'founder'
  | 'investor'
  | 'compliance-officer'
  | 'market-operator'
  | 'auditor'
  | 'gpu-agent';

/** Someone who acts in the story: a party and what it may do. */
export interface Actor {
  readonly name: string;
  readonly partyId: string;
  readonly roles: readonly Role[];
}

export type Json = Readonly<Record<string, unknown>>;

/** An answer outside 2xx. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly body: Json,
    request: string,
  ) {
    super(
      `${request} answered ${status} ${code}${body['violations'] ? ` ${JSON.stringify(body['violations'])}` : ''}`,
    );
  }
}

const retriedStatus = new Set([429, 502, 503, 504]);
/** Answers that only say "not now": the request may be sent again with the same key. */
const retriedCode = new Set(['contended', 'idempotency_key_in_use', 'writer_unavailable']);

export interface ApiClientOptions {
  /** Base URL of a service; asked on every attempt, so a caller may rotate instances. */
  readonly urlOf: (service: ServiceName) => string;
  /** How long one request is retried while services restart. */
  readonly patienceMs?: number;
  /** How long `until` reads for what must come, at least. */
  readonly waitMs?: number;
}

/** Speaks to the services over REST as the actors of the story. Every write carries an idempotency key and is retried with it. */
export class ApiClient {
  private readonly tokens = new Map<
    string,
    { readonly token: string; readonly expiresAtMs: number }
  >();
  /** Requests that got an answer, for the summary. */
  requestCount = 0;

  constructor(private readonly options: ApiClientOptions) {}

  get(actor: Actor, service: ServiceName, path: string): Promise<Json> {
    return this.send({ actor, service, path, method: 'GET' });
  }

  /** Sends a write; `key` makes it the same write on every retry (a new one when absent). */
  post(
    actor: Actor,
    service: ServiceName,
    path: string,
    body: Json = {},
    key: string = randomUUID(),
  ): Promise<Json> {
    return this.send({ actor, service, path, method: 'POST', body, key });
  }

  /** All items of a cursor-paged list. */
  async list(actor: Actor, service: ServiceName, path: string): Promise<readonly Json[]> {
    const items: Json[] = [];
    let cursor: string | null = null;
    do {
      const separator = path.includes('?') ? '&' : '?';
      const page: Json = await this.get(
        actor,
        service,
        `${path}${separator}limit=200${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      items.push(...(page['items'] as readonly Json[]));
      cursor = (page['nextCursor'] as string | null | undefined) ?? null;
    } while (cursor !== null);
    return items;
  }

  /** Reads until `done` accepts what was read; throws with the last reading when the deadline passes. */
  async until(
    request: { readonly actor: Actor; readonly service: ServiceName; readonly path: string },
    done: (body: Json) => boolean,
    patienceMs = 60_000,
  ): Promise<Json> {
    const deadline = Date.now() + Math.max(patienceMs, this.options.waitMs ?? 0);
    let last: unknown = 'no answer';
    while (Date.now() < deadline) {
      try {
        const body = await this.get(request.actor, request.service, request.path);
        if (done(body)) return body;
        last = body;
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
        last = error.message;
      }
      await delay(25);
    }
    throw new Error(
      `${request.service}${request.path} did not get there in ${patienceMs / 1000} s; last: ${JSON.stringify(last)}`,
    );
  }

  /** A bearer token of the actor, minted by the development issuer. */
  async tokenOf(actor: Actor, service: ServiceName = 'compliance'): Promise<string> {
    const cacheKey = `${actor.partyId} ${actor.roles.join(' ')}`;
    const known = this.tokens.get(cacheKey);
    if (known && known.expiresAtMs > Date.now() + 60_000) return known.token;
    const body = { partyId: actor.partyId, roles: actor.roles, ttlSeconds: 3_600 };
    const answer = await this.attempt(service, '/dev/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const token = (answer['accessToken'] ?? answer['token']) as string;
    this.tokens.set(cacheKey, { token, expiresAtMs: Date.now() + 3_600_000 });
    return token;
  }

  private async send(request: {
    readonly actor: Actor;
    readonly service: ServiceName;
    readonly path: string;
    readonly method: 'GET' | 'POST';
    readonly body?: Json;
    readonly key?: string;
  }): Promise<Json> {
    const token = await this.tokenOf(request.actor, request.service);
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (request.key !== undefined) headers['idempotency-key'] = request.key;
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    return this.attempt(request.service, request.path, {
      method: request.method,
      headers,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
  }

  private async attempt(service: ServiceName, path: string, init: RequestInit): Promise<Json> {
    const deadline = Date.now() + (this.options.patienceMs ?? 30_000);
    for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 1_000)) {
      const outcome = await this.once(service, path, init);
      if (!(outcome instanceof Error)) {
        this.requestCount += 1;
        return outcome;
      }
      const retry =
        !(outcome instanceof ApiProblem) ||
        retriedStatus.has(outcome.status) ||
        retriedCode.has(outcome.code);
      if (!retry || Date.now() + pauseMs > deadline) throw outcome;
      await delay(pauseMs);
    }
  }

  private async once(service: ServiceName, path: string, init: RequestInit): Promise<Json | Error> {
    const request = `${init.method ?? 'GET'} ${service}${path}`;
    try {
      const response = await fetch(`${this.options.urlOf(service)}${path}`, {
        ...init,
        signal: AbortSignal.timeout(30_000),
      });
      const text = await response.text();
      const body = (text === '' ? {} : JSON.parse(text)) as Json;
      if (response.ok) return body;
      return new ApiProblem(response.status, textOf(body['code'], 'no_code'), body, request);
    } catch (error) {
      return new Error(`${request} failed: ${String(error)}`, { cause: error });
    }
  }
}

/** A text from an answer, or `otherwise` where there is none. */
export function textOf(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}
