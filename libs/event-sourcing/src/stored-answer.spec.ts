import { expect, it } from 'vitest';
import { CommandHandler } from './command-handler.js';
import { reject } from './decider.js';
import { InMemoryEventStore } from './in-memory-event-store.js';

it('keeps with a refusal what it rests on, and tells a repeat the same', async () => {
  const handler = new CommandHandler(new InMemoryEventStore(), {
    encode: () => ({ type: 'till.none', schemaVersion: 1, data: {} }),
    decode: () => ({ type: 'till.none', data: {} }),
  });
  const take = {
    streamId: 'till-1',
    aggregate: { initialState: () => 0, evolve: (balance: number) => balance },
    decide: () => reject('overdrawn', { available: '0.00' }),
    context: {
      commandId: '00000000-0000-4000-8000-000000000001',
      now: '2026-03-01T12:00:00.000Z',
      actor: 'anna',
      correlationId: '00000000-0000-4000-8000-000000000002',
      causationId: '00000000-0000-4000-8000-000000000003',
      idempotency: { scope: 'anna POST /coins', key: 'k1', bodyHash: 'ab' },
    },
    refusalDetails: { overdrawn: { available: 'unknown', till: 1 }, closed: { since: 'today' } },
  };
  const refused = {
    outcome: 'rejected',
    code: 'overdrawn',
    details: { available: '0.00', till: 1 },
  };
  expect(await handler.handle(take)).toEqual({ ...refused, repeated: false });
  expect(await handler.handle(take)).toEqual({ ...refused, repeated: true });
});
