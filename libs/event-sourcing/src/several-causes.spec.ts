import { describe, expect, it } from 'vitest';
import {
  accept,
  CommandHandler,
  inboxPairsOf,
  InMemoryEventStore,
  place,
  type CommandContext,
  type DomainEvent,
  type EventCodec,
} from './index.js';

type Counted = DomainEvent<'trial.counted', null>;
const counter = { initialState: () => 0, evolve: (count: number, _event: Counted) => count + 1 };
const counted: Counted = { type: 'trial.counted', data: null };
const codec: EventCodec = {
  encode: ({ type }) => ({ type, schemaVersion: 1, data: null }),
  decode: () => counted,
};
const id = (n: number): string => `0192d1a0-7b5e-7c3d-8e4f-0000000${n}0000`;
const answerTo = (n: number): CommandContext => ({
  commandId: id(n),
  now: '2026-03-01T12:00:00.000Z',
  actor: 'service:test',
  correlationId: id(10),
  causationId: id(n + 20),
  inbox: { consumer: 'test', eventId: id(n + 20) },
});

describe('A command that answers several consumed events', () => {
  it('is one append that answers each once, each event with its own cause', async () => {
    const store = new InMemoryEventStore();
    const handler = new CommandHandler(store, codec);
    const streams = { counter: { streamId: 'counter-1', aggregate: counter } };
    const handle = (causes: readonly CommandContext[]) =>
      handler.handleMany({
        streams,
        decide: () =>
          accept(...causes.map((cause) => ({ ...place(streams.counter, counted), cause }))),
        context: { ...answerTo(50), inbox: causes.flatMap(inboxPairsOf) },
      });
    const [first, second, third] = [answerTo(11), answerTo(12), answerTo(13)];
    expect(await handle([first, second])).toMatchObject({ outcome: 'accepted', repeated: false });
    const recorded = await store.readStream('counter-1');
    expect(recorded.map(({ metadata }) => metadata.causationId)).toEqual([id(31), id(32)]);
    // One of them was answered: the append has no effect, for the third neither.
    expect(await handle([third, second])).toMatchObject({ outcome: 'accepted', repeated: true });
    expect((await handler.load('counter-1', counter)).state).toBe(2);
    expect((await store.readAll(0, 10)).length).toBe(2);
  });
});
