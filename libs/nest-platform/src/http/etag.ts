import type { HttpResponse } from './request-state.js';

/**
 * Lets a client ask again cheaply: sets the version of what is read as its ETag, and a request with that version in
 * If-None-Match gets 304 without a body. Take the response with `@Res({ passthrough: true })`.
 */
export async function withEtag<T extends { readonly streamVersion: number }>(
  response: HttpResponse,
  reading: Promise<T>,
): Promise<T> {
  const read = await reading;
  response.setHeader('ETag', `"${read.streamVersion}"`);
  response.setHeader('Cache-Control', 'private, no-cache');
  return read;
}
