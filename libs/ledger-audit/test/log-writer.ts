import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { serviceNames, type ServiceName } from '@specie/contracts';
import { canonicalJson, deriveEventId, type JsonValue } from '@specie/event-sourcing';
import {
  canonicalEventBytes,
  chainHash,
  genesisHash,
  signHead,
} from '@specie/postgres-event-store';
import { microsOf, type LogRecord } from '../src/index.js';

export interface StoryEvent {
  readonly streamId: string;
  readonly type: string;
  readonly data: Readonly<Record<string, JsonValue>>;
}

/** What one command appended, and when. */
export interface StoryCommand {
  readonly commandId: string;
  readonly at: string;
  readonly events: readonly StoryEvent[];
  readonly metadata?: Readonly<Record<string, JsonValue>>;
}

const pairs = new Map(
  serviceNames.map((service) => [service, generateKeyPairSync('ed25519')] as const),
);

export function signingKeyOf(service: ServiceName): KeyObject {
  const pair = pairs.get(service);
  if (pair === undefined) {
    throw new Error(`no key of ${service}`);
  }
  return pair.privateKey;
}

export const publicKeys = Object.fromEntries(
  [...pairs].map(([service, { publicKey }]) => [service, [publicKey]]),
) as unknown as Record<ServiceName, readonly KeyObject[]>;

/** A log as a service's store writes it, with the store's own canonical bytes and signatures: the oracle of the verifier. */
export function writeLog(
  service: ServiceName,
  commands: readonly StoryCommand[],
  batchSize = 1,
): LogRecord[] {
  const records: LogRecord[] = [];
  const versions = new Map<string, number>();
  let previous: Uint8Array = genesisHash;
  for (const [index, { commandId, at, events, metadata }] of commands.entries()) {
    for (const [ordinal, { streamId, type, data }] of events.entries()) {
      const streamVersion = (versions.get(streamId) ?? 0) + 1;
      versions.set(streamId, streamVersion);
      const facts = {
        position: records.length + 1,
        streamId,
        streamVersion,
        eventId: deriveEventId(commandId, ordinal),
        commandId,
        type,
        schemaVersion: 1,
        metadata: Buffer.from(
          canonicalJson(
            metadata ?? {
              actor: `service:${service}`,
              causationId: commandId,
              correlationId: commandId,
              idempotencyKey: null,
            },
          ),
        ),
        data: Buffer.from(canonicalJson(data)),
      };
      const instants = { occurredAt: at, effectiveAt: at, recordedAt: at };
      const hash = chainHash(previous, canonicalEventBytes(service, { ...facts, ...instants }));
      previous = hash;
      const isLast =
        ordinal === events.length - 1 &&
        ((index + 1) % batchSize === 0 || index === commands.length - 1);
      const head = { logName: service, position: facts.position, chainHash: hash };
      const micros = microsOf(Date.parse(at));
      records.push({
        ...facts,
        occurredAtMicros: micros,
        effectiveAtMicros: micros,
        recordedAtMicros: micros,
        chainHash: hash,
        headSignature: isLast ? signHead(head, signingKeyOf(service)) : null,
      });
    }
  }
  return records;
}
