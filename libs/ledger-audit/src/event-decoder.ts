import { eventDefinitions, type EventDefinition, type ServiceName } from '@specie/contracts';
import type { JsonValue } from '@specie/event-sourcing';
import { z } from 'zod';
import { epochMsOf, type LogRecord } from './log-record.js';
import { compileCheck, type Check } from './schema-check.js';
import type { LedgerEvent } from './wire-events.js';

interface Decoder {
  readonly definition: EventDefinition;
  readonly check: Check;
}

export type Decoded =
  | { readonly event: LedgerEvent; readonly problem: null; readonly forbidden: string | null }
  | { readonly event: null; readonly problem: string; readonly forbidden: null };

/** A kind and an id; where clients choose the id, its owner stands before it. */
const streamPattern = /^[a-z]+(-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){1,2}$|^shard-main$/;
const actorPattern = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|service:[a-z-]{1,32})$/;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A key of a client is opaque; blanks, letters beyond ASCII and the at sign are what names and mail addresses have. */
const opaqueKeyPattern = /^[\x21-\x3f\x41-\x7e]{1,255}$/;
const uuidText = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Metadata in its usual canonical form, so that it need not be parsed. */
const usualMetadata = new RegExp(
  `^{"actor":"(?:${uuidText}|service:[a-z-]{1,32})","causationId":"${uuidText}","correlationId":"${uuidText}",` +
    `"idempotencyKey":(?:null|"[A-Za-z0-9._:/-]{1,255}")}$`,
);
const metadataFields: Readonly<Record<string, RegExp>> = {
  actor: actorPattern,
  causationId: uuidPattern,
  correlationId: uuidPattern,
  idempotencyKey: opaqueKeyPattern,
};

const none = Buffer.alloc(0);

/**
 * Reads records of one service. The checks are compiled from the JSON Schema of each event, so they are
 * as strict as the definitions and an order of magnitude cheaper than decoding into domain values; and
 * unlike those they notice fields the definition does not have (S10).
 */
export class EventDecoder {
  private readonly decoders: ReadonlyMap<string, Decoder>;
  private lastMetadata: Buffer = none;

  constructor(private readonly service: ServiceName) {
    this.decoders = new Map(
      [...eventDefinitions.values()]
        .filter((definition) => definition.type.startsWith(`${service}.`))
        .map((definition) => [
          definition.type,
          { definition, check: compileCheck(z.toJSONSchema(definition.data, { io: 'input' })) },
        ]),
    );
  }

  decode(record: LogRecord): Decoded {
    const { type, schemaVersion } = record;
    const decoder = this.decoders.get(type);
    if (decoder === undefined) {
      return failed(`unknown event type for ${this.service}`);
    }
    let data: JsonValue;
    let forbiddenMetadata: string | null;
    try {
      data = JSON.parse(record.data.toString('utf8')) as JsonValue;
      forbiddenMetadata = this.checkMetadata(record.metadata);
    } catch {
      return failed('not JSON');
    }
    if (schemaVersion !== decoder.definition.schemaVersion) {
      const upcast = upcastTo(decoder.definition, schemaVersion, data);
      if (upcast === null) {
        return failed(`schema version ${schemaVersion} has no upcaster`);
      }
      data = upcast;
    }
    const verdict = decoder.check(data);
    if (verdict !== null && !verdict.startsWith('+')) {
      return failed(`data${verdict} does not fit its schema`);
    }
    const event = {
      type,
      data,
      service: this.service,
      position: record.position,
      eventId: record.eventId,
      commandId: record.commandId,
      streamId: record.streamId,
      occurredAtMs: epochMsOf(record.occurredAtMicros),
      recordedAtMs: epochMsOf(record.recordedAtMicros),
    } as unknown as LedgerEvent;
    const forbidden =
      verdict !== null
        ? `the data has an undefined field at ${verdict.slice(1)}`
        : (forbiddenMetadata ??
          (streamPattern.test(record.streamId) ? null : 'the stream id is not a kind and an id'));
    return { event, problem: null, forbidden };
  }

  /** Null when nothing is forbidden. The events of one command share their metadata. @throws when it is not JSON. */
  private checkMetadata(bytes: Buffer): string | null {
    if (bytes.equals(this.lastMetadata)) {
      return null;
    }
    const text = bytes.toString('utf8');
    const forbidden = usualMetadata.test(text)
      ? null
      : forbiddenInMetadata(JSON.parse(text) as JsonValue);
    this.lastMetadata = forbidden === null ? bytes : none;
    return forbidden;
  }
}

function failed(problem: string): Decoded {
  return { event: null, problem, forbidden: null };
}

function upcastTo(definition: EventDefinition, from: number, data: JsonValue): JsonValue | null {
  if (from > definition.schemaVersion) {
    return null;
  }
  let current = data as Readonly<Record<string, JsonValue>>;
  for (let version = from; version < definition.schemaVersion; version += 1) {
    const upcast = definition.upcasters[version];
    if (upcast === undefined) {
      return null;
    }
    current = upcast(current);
  }
  return current;
}

function forbiddenInMetadata(metadata: JsonValue): string | null {
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) {
    return 'the metadata is not an object';
  }
  for (const [field, value] of Object.entries(metadata)) {
    const pattern = metadataFields[field];
    if (pattern === undefined) {
      return 'the metadata has an undefined field';
    }
    const isAbsentKey = field === 'idempotencyKey' && value === null;
    if (!isAbsentKey && (typeof value !== 'string' || !pattern.test(value))) {
      return `the metadata field ${field} is not an opaque id`;
    }
  }
  return null;
}
