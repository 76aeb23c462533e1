import type { HttpResponse } from './request-state.js';

/**
 * Lets a client ask again cheaply: sets the version of what is answered as ETag, and a request with that version in
 * If-None-Match gets 304 without a body. Take the response with `@Res({ passthrough: true })`.
 */
export function etag(response: HttpResponse, version: number | string): void {
  response.setHeader('ETag', `"${version}"`);
  response.setHeader('Cache-Control', 'private, no-cache');
}
