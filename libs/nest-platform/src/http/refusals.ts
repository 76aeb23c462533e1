import type { ViolationDetails } from '@specie/event-sourcing';
import type { FieldViolation } from './problem.js';

/**
 * What to do about a refusal: sentences of which one that names a detail in braces is left out where the detail is not
 * known, so at least one names none.
 */
export type RefusalText =
  | readonly string[]
  | {
      readonly detail: readonly string[];
      /**
       * The same, field by field, for programs: each where all that it names is known. With `each`, one for every item
       * of that detail, a list with commas; `{item}` is the item.
       */
      readonly violations: readonly (FieldViolation & { readonly each?: string })[];
    };

/** By code. */
export type RefusalTexts = Readonly<Record<string, RefusalText>>;

/** What is said of one refusal, filled with what it rests on. */
export function refusalText(
  text: RefusalText,
  details: ViolationDetails,
): { readonly detail: string | undefined; readonly violations: readonly FieldViolation[] } {
  const { detail, violations } = 'detail' in text ? text : { detail: text, violations: [] };
  const told = detail.flatMap((sentence) => filled(sentence, details) ?? []);
  return {
    detail: told.length > 0 ? told.join(' ') : undefined,
    violations: violations.flatMap(({ each, path, code, message }) =>
      (each === undefined ? [details] : itemsOf(details, each)).flatMap((known) => {
        const [place, name, words] = [path, code, message].map((part) => filled(part, known));
        return place === undefined || name === undefined || words === undefined
          ? []
          : [{ path: place, code: name, message: words }];
      }),
    ),
  };
}

function itemsOf(details: ViolationDetails, name: string): readonly ViolationDetails[] {
  const list = String(details[name] ?? '');
  return list === '' ? [] : list.split(', ').map((item) => ({ ...details, item }));
}

function filled(sentence: string, details: ViolationDetails): string | undefined {
  let isWhole = true;
  const text = sentence.replace(/\{(\w+)\}/g, (_match, name: string) => {
    const detail = Object.hasOwn(details, name) ? details[name] : undefined;
    isWhole &&= detail !== undefined;
    return String(detail);
  });
  return isWhole ? text : undefined;
}

/** Refusals of the platform itself; the same in all services. */
export const platformRefusals = {
  request_invalid: ['Correct the field that each violation names and send the request again.'],
  request_malformed: ['The request is not valid HTTP; check its headers and its path.'],
  path_malformed: ['The path has a % that is not followed by two hexadecimal digits.'],
  route_unknown: ['There is no route at this path; /docs lists every operation.'],
  method_not_allowed: ['The path supports only the methods in the Allow header.'],
  body_malformed: ['The body is not JSON in UTF-8.'],
  body_incomplete: ['The body ended before its announced length.'],
  body_too_slow: [
    'The body did not arrive within the time limit of a request; send it again, faster.',
  ],
  request_aborted: ['The connection ended before the request was complete; send it again.'],
  body_too_large: ['Send a smaller body, in several requests if necessary.'],
  media_type_unsupported: ['Send the body as application/json in UTF-8.'],
  content_encoding_unsupported: ['Send the body without Content-Encoding.'],
  token_missing: ['Send an access token as "Authorization: Bearer <token>".'],
  token_invalid: [
    'The token is not from the trusted issuer or not for this service; get a new access token.',
  ],
  token_expired: ['The access token has expired; get a new one.'],
  role_missing: ['The token has none of the roles that permit this operation.'],
  route_undeclared: ['The operation is not declared; inform the operator of the service.'],
  authentication_throttled: [
    'Too many requests from this address had no valid token; get a valid one and try again after Retry-After.',
  ],
  too_many_in_flight: [
    'Too many of your requests are in progress; wait for their answers before you send more.',
  ],
  rate_limited: ['Send fewer requests per second; Retry-After says when the next one is accepted.'],
  idempotency_key_missing: [
    'Every write needs an Idempotency-Key header: a new key for a new request, the same key for its repeats.',
  ],
  idempotency_key_invalid: [
    'An Idempotency-Key has 1 to 128 printable ASCII characters without blanks and without an at sign.',
  ],
  idempotency_key_in_use: [
    'The first request with this Idempotency-Key is still running; repeat it after Retry-After.',
  ],
  idempotency_key_reused: [
    'This Idempotency-Key was used before with another request; send a new key for a new request.',
  ],
  conflicts_with_stored_state: [
    'An id in the request is already in use, or stored data conflicts with it; read the resource again and choose another id.',
  ],
  contended: [
    'Other requests changed the same resource at the same time; send the same request again.',
  ],
  overloaded: ['The service is at capacity; send the same request again shortly.'],
  shutting_down: ['This instance is shutting down; send the same request again.'],
  request_timed_out: [
    'The request timed out and may still take effect; send it again with the same Idempotency-Key.',
  ],
  store_unavailable: ['The log cannot be written at the moment; send the same request again.'],
  database_unavailable: [
    'The database cannot be reached at the moment; send the same request again.',
  ],
  writer_unavailable: ['No instance can write at the moment; send the same request again.'],
  identity_provider_unavailable: [
    'The keys of the token issuer cannot be fetched at the moment; send the same request again.',
  ],
  internal_error: [
    'This is a fault of the service; quote the instance to its operator. You can send a write again with the same key.',
  ],
  already_discarded: ['The event has already been discarded.'],
  not_first_of_stream: ['Another event blocks this stream; discard or resume that one first.'],
  discard_not_proposed: ['Propose the discard first; another operator then approves it.'],
  approver_is_proposer: ['Another operator must approve: you proposed this discard.'],
  event_not_parked: [
    'No parked event is at this place; list the parked streams to see those that are.',
  ],
  stream_not_parked: ['The stream is not parked; list the parked streams to see those that are.'],
  stream_busy: ['The stream is being resumed; try again shortly.'],
} satisfies RefusalTexts;
