import { expect, it } from 'vitest';
import { CommandHandler } from './command-handler.js';
import { rejectAll } from './decision.js';
import { InMemoryEventStore } from './in-memory-event-store.js';
import { repeatedAnswer } from './stored-answer.js';

it('keeps every violated rule of a refusal with its numbers, and answers a repeat with the same', async () => {
  const handler = new CommandHandler(new InMemoryEventStore(), {
    encode: () => ({ type: 'till.none', schemaVersion: 1, data: {} }),
    decode: () => ({ type: 'till.none', data: {} }),
  });
  const take = {
    streamId: 'till-1',
    aggregate: { initialState: () => 0, evolve: (balance: number) => balance },
    decide: () =>
      rejectAll([{ code: 'overdrawn', details: { available: '0.00' } }, { code: 'closed' }]),
    context: {
      commandId: '00000000-0000-4000-8000-000000000001',
      now: '2026-03-01T12:00:00.000Z',
      actor: 'anna',
      correlationId: '00000000-0000-4000-8000-000000000002',
      causationId: '00000000-0000-4000-8000-000000000003',
      idempotency: { scope: 'anna POST /coins', key: 'k1', bodyHash: 'ab' },
    },
  };
  const refused = {
    outcome: 'rejected',
    violations: [{ code: 'overdrawn', details: { available: '0.00' } }, { code: 'closed' }],
  };
  expect(await handler.handle(take)).toEqual({ ...refused, repeated: false });
  expect(await handler.handle(take)).toEqual({ ...refused, repeated: true });
});

it('reads a refusal that was stored before refusals were lists', () => {
  expect(repeatedAnswer({ rejected: 'overdrawn+closed+' })).toMatchObject({
    violations: [{ code: 'overdrawn' }, { code: 'closed' }],
  });
  expect(repeatedAnswer({ rejected: 'overdrawn', details: { available: '0.00' } })).toEqual({
    outcome: 'rejected',
    violations: [{ code: 'overdrawn', details: { available: '0.00' } }],
    repeated: true,
  });
});
