import type { IncomingMessage } from 'node:http';
import type { Deadline } from './deadline.js';
import { BadRequest, Problem } from './problem.js';
import { repeatedKey } from './repeated-key.js';
import { pathOf } from './validation.js';

export const bodyBytesMaxDefault = 1024 * 1024;

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads the body of a request; undefined if there is none. It is read only after the caller was authorised, so nobody
 * without a token makes the service hold a body, and only until the deadline.
 *
 * @throws Problem 415, 413, 408 or 400
 */
export async function readBody(
  request: IncomingMessage,
  bytesMax: number,
  deadline: Deadline,
): Promise<Buffer | undefined> {
  const {
    'content-length': length,
    'content-type': type,
    'content-encoding': encoding,
  } = request.headers;
  if (
    request.headers['transfer-encoding'] === undefined &&
    (length === undefined || length === '0')
  ) {
    return undefined;
  }
  if (!isJson(type)) {
    throw new Problem(415, 'media_type_unsupported', { detail: 'Send application/json in UTF-8.' });
  }
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Problem(415, 'content_encoding_unsupported', {
      detail: 'Send the body uncompressed.',
    });
  }
  if (Number(length ?? 0) > bytesMax) {
    throw bodyTooLarge(bytesMax, Number(length ?? 0));
  }
  return deadline.limit(
    readBytes(request, bytesMax),
    () => new Problem(408, 'body_too_slow', { headers: { Connection: 'close' } }),
  );
}

/** What the bytes of a JSON body say. @throws Problem 400 */
export function parseBody(bytes: Buffer): unknown {
  const { text, value } = parsed(bytes);
  const repeated = repeatedKey(text);
  if (repeated !== undefined) {
    throw new BadRequest('request_invalid', [
      { path: pathOf('body', repeated), code: 'duplicate_key', message: 'Send each field once.' },
    ]);
  }
  return value;
}

function parsed(bytes: Buffer): { readonly text: string; readonly value: unknown } {
  try {
    const text = decoder.decode(bytes);
    return { text, value: JSON.parse(text) as unknown };
  } catch {
    throw new BadRequest('body_malformed', [], { detail: 'The body is not JSON in UTF-8.' });
  }
}

function isJson(type: string | undefined): boolean {
  return type !== undefined && /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type);
}

async function readBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Without destroyOnReturn: false, leaving the loop early would cut the connection before the 413 is sent.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > bytesMax) {
        throw bodyTooLarge(bytesMax, Number(request.headers['content-length'] ?? Infinity));
      }
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof Problem) {
      throw error;
    }
    throw new BadRequest('body_incomplete', [], {
      detail: 'The connection ended before the body did.',
    });
  }
  return Buffer.concat(chunks, size);
}

/** The rest of a body up to this size is read and dropped, so that the client gets to read the answer. */
const drainedBytesMax = 16 * 1024 * 1024;

function bodyTooLarge(bytesMax: number, bytesAnnounced: number): Problem {
  return new Problem(413, 'body_too_large', {
    detail: `The body may have at most ${bytesMax} bytes.`,
    ...(bytesAnnounced > drainedBytesMax ? { headers: { Connection: 'close' } } : {}),
  });
}
