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
        const [place, words] = [filled(path, known), filled(message, known)];
        return place === undefined || words === undefined
          ? []
          : [{ path: place, code, message: words }];
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
  request_invalid: ['Correct what each violation names and send the request again.'],
  request_malformed: ['The request is not valid HTTP; check its headers and its path.'],
  path_malformed: ['The path holds a % that is followed by no two hexadecimal digits.'],
  route_unknown: ['Nothing is served at this path; /docs lists every operation.'],
  method_not_allowed: ['The path exists with the methods of the Allow header.'],
  body_malformed: ['The body is not JSON in UTF-8.'],
  body_incomplete: ['The body ended before its announced length.'],
  body_too_slow: ['The body did not arrive within the time for a request; send it again, faster.'],
  request_aborted: ['The connection ended before the request was whole; send it again.'],
  body_too_large: ['Send a smaller body, in several requests if need be.'],
  media_type_unsupported: ['Send the body as application/json in UTF-8.'],
  content_encoding_unsupported: ['Send the body without Content-Encoding.'],
  token_missing: ['Send an access token as "Authorization: Bearer <token>".'],
  token_invalid: [
    'The token is not one of the issuer this service trusts, or it is not for this service; get a new access token.',
  ],
  token_expired: ['The access token has expired; get a new one.'],
  role_missing: ['The token carries none of the roles that may do this.'],
  route_undeclared: ['The operation is not declared; tell the operator of the service.'],
  authentication_throttled: [
    'Too many requests of this address had no valid token; get a valid one and try again after Retry-After.',
  ],
  too_many_in_flight: [
    'Wait for the answers to what you have sent already; as many requests of yours are being served as may be.',
  ],
  rate_limited: ['Send fewer requests a second; Retry-After says when the next one is taken.'],
  idempotency_key_missing: [
    'Every write needs an Idempotency-Key header: a new one for a new request, the same for its repeats.',
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
    'An id of the request is taken already, or the tables hold what rules it out; read the thing again and choose another id.',
  ],
  contended: ['Others were changing the same thing; send the same request again.'],
  overloaded: ['The service has as much to do as it takes; send the same request again shortly.'],
  shutting_down: ['This instance is going away; send the same request again.'],
  request_timed_out: [
    'It took too long to answer, and may yet be done; send the same request with the same Idempotency-Key again.',
  ],
  store_unavailable: ['The log cannot be written now; send the same request again.'],
  database_unavailable: ['The database cannot be reached now; send the same request again.'],
  writer_unavailable: ['No instance writes at the moment; send the same request again.'],
  identity_provider_unavailable: [
    'The keys of the token issuer cannot be fetched now; send the same request again.',
  ],
  internal_error: [
    'This is a fault of the service; quote the instance to its operator. A write may be sent again with the same key.',
  ],
  already_discarded: ['The event was discarded before; there is nothing left to decide.'],
  not_first_of_stream: [
    'Another event holds up this stream; discard or resume that one first, for it decides what becomes of the others.',
  ],
  discard_not_proposed: ['Propose the discard first; another operator approves it then.'],
  approver_is_proposer: ['Somebody else must approve: you proposed this discard.'],
  event_not_parked: [
    'The id names no parked event; list the parked streams to see those that are.',
  ],
  stream_not_parked: ['The stream is not parked; list the parked streams to see those that are.'],
  stream_busy: ['The stream is being resumed at this moment; try again shortly.'],
} satisfies RefusalTexts;
