import type { ServiceName } from '@specie/contracts';

/** One event as a log (or its Kafka copy) holds it, before anything about it is believed. */
export interface LogRecord {
  readonly position: number;
  readonly streamId: string;
  readonly streamVersion: number;
  readonly eventId: string;
  readonly commandId: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** Microseconds since 2000-01-01T00:00:00Z, as PostgreSQL keeps instants. */
  readonly occurredAtMicros: number;
  readonly effectiveAtMicros: number;
  readonly recordedAtMicros: number;
  /** The exact bytes that were stored or received. */
  readonly metadata: Buffer;
  readonly data: Buffer;
  readonly chainHash: Buffer;
  readonly headSignature: Buffer | null;
}

const epoch2000Ms = 946_684_800_000;

export function epochMsOf(micros: number): number {
  return micros / 1000 + epoch2000Ms;
}

export function microsOf(epochMs: number): number {
  return (epochMs - epoch2000Ms) * 1000;
}

/** What is wrong with a log. Every kind names a service and a position, and the event where one is known. */
export const findingKinds = [
  'altered',
  'missing',
  'reordered',
  'forked',
  'forged',
  'bad_signature',
  'undecodable',
  'cut',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  readonly service: ServiceName;
  readonly position: number;
  /** Null when nothing that is left tells which event it was. */
  readonly eventId: string | null;
  readonly kind: FindingKind;
  readonly detail: string;
}

export type ReportFinding = (finding: Finding) => void;
