import { canonicalJson, inboxPairsOf, type AppendRequest } from '@specie/event-sourcing';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const commandBytesMax = 64 * 1024 * 1024;

/** A request after validation, with every JSON part in its canonical text. */
export interface Command {
  readonly request: AppendRequest;
  readonly occurredAtMs: number;
  readonly effectiveAtMs: number;
  readonly metadata: string;
  /** Canonical data by stream, then event, in the order of `request.streams`. */
  readonly data: readonly (readonly string[])[];
  readonly answer: string;
  readonly eventCount: number;
}

/** @throws TypeError when the request could not be stored faithfully: a bug in the caller. */
export function prepareCommand(
  request: AppendRequest,
  eventTypePrefix: string | undefined,
): Command {
  if (!uuidPattern.test(request.commandId)) {
    throw new TypeError(`command id "${request.commandId}" is not a lower-case UUID`);
  }
  let eventCount = 0;
  let byteCount = 0;
  const streamIds = new Set<string>();
  const data = request.streams.map((stream) => {
    assertText('stream id', stream.streamId, 512);
    if (streamIds.has(stream.streamId)) {
      throw new TypeError(`the command names stream "${stream.streamId}" twice`);
    }
    streamIds.add(stream.streamId);
    return stream.events.map((event) => {
      if (eventTypePrefix !== undefined && !event.type.startsWith(eventTypePrefix)) {
        throw new TypeError(
          `event type "${event.type}" is foreign to this log (its types start with "${eventTypePrefix}")`,
        );
      }
      assertText('event type', event.type, 256);
      if (
        !Number.isInteger(event.schemaVersion) ||
        event.schemaVersion < 1 ||
        event.schemaVersion > 32_767
      ) {
        throw new TypeError(`schema version ${event.schemaVersion} is not in 1..32767`);
      }
      const text = canonicalJson(event.data);
      eventCount += 1;
      byteCount += text.length;
      return text;
    });
  });
  if (byteCount > commandBytesMax) {
    throw new TypeError(
      `a command may carry at most ${commandBytesMax} characters of data, not ${byteCount}`,
    );
  }
  const { idempotency } = request;
  if (idempotency) {
    assertText('idempotency scope', idempotency.scope, 1024);
    assertText('idempotency key', idempotency.key, 1024);
  }
  const pairs = new Set<string>();
  for (const { consumer, eventId } of inboxPairsOf(request)) {
    assertText('inbox consumer', consumer, 512);
    assertText('inbox event id', eventId, 512);
    pairs.add(`${consumer}\0${eventId}`);
  }
  if (pairs.size < inboxPairsOf(request).length) {
    throw new TypeError('the command names a consumed event twice');
  }
  return {
    request,
    occurredAtMs: instantMs(request.occurredAt),
    effectiveAtMs: instantMs(request.effectiveAt ?? request.occurredAt),
    metadata: canonicalJson({ ...request.metadata }),
    data,
    answer: idempotency ? canonicalJson(idempotency.answer) : 'null',
    eventCount,
  };
}

function assertText(what: string, value: string, lengthMax: number): void {
  if (value.length === 0 || value.length > lengthMax || value.includes('\0')) {
    throw new TypeError(`${what} must have 1 to ${lengthMax} characters and no NUL`);
  }
}

let lastInstant = '';
let lastInstantMs = 0;

function instantMs(value: string): number {
  if (value === lastInstant) {
    return lastInstantMs;
  }
  const ms = instantPattern.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== value) {
    throw new TypeError(
      `"${value}" is not a UTC instant with milliseconds such as 2026-01-31T09:30:00.000Z`,
    );
  }
  lastInstant = value;
  lastInstantMs = ms;
  return ms;
}
