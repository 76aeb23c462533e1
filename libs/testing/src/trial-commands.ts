import { randomUUID } from 'node:crypto';
import type {
  AppendRequest,
  ExpectedVersion,
  JsonValue,
  StreamAppend,
} from '@specie/event-sourcing';

export const trialMetadata = {
  correlationId: 'c0000000-0000-4000-8000-000000000001',
  causationId: 'c0000000-0000-4000-8000-000000000002',
  actor: 'service:trial',
  idempotencyKey: null,
} as const;

/** The part of a command that goes to one stream: one event for each given data. */
export function toStream(
  streamId: string,
  expectedVersion: ExpectedVersion,
  ...data: readonly JsonValue[]
): StreamAppend {
  return {
    streamId,
    expectedVersion,
    events: data.map((one) => ({ type: 'trial.counted', schemaVersion: 1, data: one })),
  };
}

/** A command with a fresh id for the log named `trial`. */
export function trialCommand(
  streams: readonly StreamAppend[],
  overrides: Partial<AppendRequest> = {},
): AppendRequest {
  return {
    commandId: randomUUID(),
    streams,
    metadata: trialMetadata,
    occurredAt: '2026-03-01T12:00:00.000Z',
    ...overrides,
  };
}
