import { randomUUID } from 'node:crypto';
import type { AppendRequest, ExpectedVersion, JsonValue } from '@specie/event-sourcing';

/** A command of one event; every part can be replaced. */
export function command(
  streamId: string,
  expectedVersion: ExpectedVersion,
  overrides: Partial<AppendRequest> & { readonly data?: JsonValue } = {},
): AppendRequest {
  const { data = { amount: '1' }, ...rest } = overrides;
  return {
    commandId: randomUUID(),
    streams: [
      { streamId, expectedVersion, events: [{ type: 'trial.counted', schemaVersion: 1, data }] },
    ],
    metadata: {
      correlationId: 'c0000000-0000-4000-8000-000000000001',
      causationId: 'c0000000-0000-4000-8000-000000000002',
      actor: 'service:trial',
      idempotencyKey: null,
    },
    occurredAt: '2026-03-01T12:00:00.000Z',
    ...rest,
  };
}
