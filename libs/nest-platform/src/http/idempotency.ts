import { createHmac } from 'node:crypto';
import { canonicalJson, type Idempotency, type JsonValue } from '@specie/event-sourcing';
import { BadRequest, Conflict } from './problem.js';

/**
 * Printable ASCII without blanks and without the at sign. The key goes into the metadata of the events, which are
 * published and never erased, so it must not be a mail address; the audit holds the log to the same rule (S10).
 */
export const idempotencyKeyPattern = /^[\x21-\x3f\x41-\x7e]{1,128}$/;

/**
 * The key in the header of a write.
 *
 * @throws BadRequest `idempotency_key_missing` or `idempotency_key_invalid`
 */
export function idempotencyKeyOf(header: string | readonly string[] | undefined): string {
  if (header === undefined || header === '') {
    throw new BadRequest('idempotency_key_missing', [
      {
        path: 'header.Idempotency-Key',
        code: 'missing',
        message: 'Send a key that is new for every new request.',
      },
    ]);
  }
  if (typeof header !== 'string' || !idempotencyKeyPattern.test(header)) {
    throw new BadRequest('idempotency_key_invalid', [
      {
        path: 'header.Idempotency-Key',
        code: 'invalid_format',
        message: 'Send 1 to 128 printable ASCII characters without blanks and without an at sign.',
      },
    ]);
  }
  return header;
}

/** The idempotency of one request: scope = who, method and path, so a key is unique per caller and thing. */
export function idempotencyOf(request: {
  /** `requestHashKey` of the configuration. */
  readonly hashKey: Buffer;
  readonly key: string;
  readonly actor: string;
  readonly method: string;
  /** The path with its parameters filled in. */
  readonly path: string;
  readonly query: unknown;
  readonly body: unknown;
}): Idempotency {
  const { hashKey, key, actor, method, path, query, body } = request;
  const hasQuery = typeof query === 'object' && query !== null && Object.keys(query).length > 0;
  return {
    scope: `${actor} ${method} ${path}`,
    key,
    bodyHash: hashOf(hasQuery ? [body ?? null, query] : (body ?? null), hashKey),
  };
}

/**
 * HMAC-SHA-256 (hex) of the canonical form, so that white space and the order of fields make no difference. Keyed,
 * because it is stored, also of a request that was refused, and a name or an address can be guessed.
 */
function hashOf(value: unknown, hashKey: Buffer): string {
  let text: string;
  try {
    text = canonicalJson(value as JsonValue);
  } catch {
    throw new BadRequest('request_invalid', [
      {
        path: 'body',
        code: 'invalid_number',
        message: 'Numbers are integers below 2^53; quantities are decimal strings.',
      },
    ]);
  }
  return createHmac('sha256', hashKey).update(text).digest('hex');
}

/** Keys whose first request is still running on this instance. */
export class RequestsInFlight {
  private readonly keys = new Set<string>();

  /**
   * Runs `work` as the only request with this scope and key.
   *
   * @throws Conflict `idempotency_key_in_use`
   */
  async only<T>(idempotency: Idempotency, work: () => Promise<T>): Promise<T> {
    const key = JSON.stringify([idempotency.scope, idempotency.key]);
    if (this.keys.has(key)) {
      throw new Conflict('idempotency_key_in_use', {
        detail: 'The first request with this Idempotency-Key is still running.',
        headers: { 'Retry-After': '1' },
      });
    }
    this.keys.add(key);
    try {
      return await work();
    } finally {
      this.keys.delete(key);
    }
  }
}
