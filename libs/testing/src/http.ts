import { randomUUID } from 'node:crypto';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly [key: string]: unknown };
}

/**
 * Sends one request to a running service; `token` and `key` are left out when null.
 *
 * @throws if it is refused without saying how to pass
 */
export async function send(
  url: string,
  method: string,
  options: {
    readonly token?: string | null;
    readonly key?: string | null;
    readonly body?: unknown;
    readonly raw?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<Answer> {
  const {
    token = null,
    key = method === 'GET' ? null : randomUUID(),
    body,
    raw,
    headers = {},
  } = options;
  const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(url, {
    method,
    headers: {
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(key === null ? {} : { 'idempotency-key': key }),
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
  });
  const answer = await response.text();
  let parsed: unknown = {};
  try {
    parsed = JSON.parse(answer);
  } catch {
    parsed = { text: answer };
  }
  const { code, detail } = parsed as { readonly code?: unknown; readonly detail?: unknown };
  const isProblem = response.headers.get('content-type')?.includes('problem+json');
  if (isProblem && typeof detail !== 'string') {
    throw new Error(`${method} ${url} is refused with ${String(code)} and no word on how to pass`);
  }
  return { status: response.status, headers: response.headers, body: parsed as Answer['body'] };
}

/** Requests of one party to one instance of a service. */
export interface Client {
  readonly partyId: string;
  get(path: string): Promise<Answer>;
  /** With an empty body and a key of its own unless others are given. */
  post(path: string, body?: unknown, key?: string): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  remove(path: string): Promise<Answer>;
}

/** A client that acts for `actor`, with a token of the service's development issuer. */
export async function clientOf<Actor extends { readonly partyId: string }>(
  service: { readonly url: string; token(actor: Actor): Promise<string> },
  actor: Actor,
): Promise<Client> {
  const token = await service.token(actor);
  return {
    partyId: actor.partyId,
    get: (path) => send(`${service.url}${path}`, 'GET', { token }),
    post: (path, body = {}, key = randomUUID()) =>
      send(`${service.url}${path}`, 'POST', { token, body, key }),
    put: (path, body) => send(`${service.url}${path}`, 'PUT', { token, body }),
    remove: (path) => send(`${service.url}${path}`, 'DELETE', { token }),
  };
}

/** What is said of an answer, without what differs from request to request: the correlation id. */
export function toldBy({ status, body: { instance: _, ...told } }: Answer): unknown {
  return { status, ...told };
}

/** Polls until `probe` answers something; fails with `what` after the deadline. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  deadlineMs = 15_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) {
      return found;
    }
    if (performance.now() > deadline) {
      throw new Error(`not within ${deadlineMs} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
