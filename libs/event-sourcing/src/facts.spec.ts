import { describe, expect, it } from 'vitest';
import {
  accept,
  CommandHandler,
  InMemoryEventStore,
  place,
  placeFirst,
  reject,
  type AppendOutcome,
  type AppendRequest,
  type CommandContext,
  type DomainEvent,
  type EventCodec,
  type JsonValue,
} from './index.js';

type Coins = DomainEvent<'till.coins-moved', number>;
const moved = (coins: number): Coins => ({ type: 'till.coins-moved', data: coins });
const till = {
  streamId: 'till-1',
  aggregate: { initialState: () => 0, evolve: (sum: number, { data }: Coins) => sum + data },
};
const codec: EventCodec = {
  encode: ({ type, data }) => ({ type, schemaVersion: 1, data: data as JsonValue }),
  decode: ({ type, data }) => ({ type, data }),
};
const context = (n: number, more: Partial<CommandContext> = {}): CommandContext => ({
  commandId: `0192d1a0-7b5e-7c3d-8e4f-00000000${n}000`,
  now: '2026-03-01T12:00:00.000Z',
  actor: 'service:test',
  correlationId: `0192d1a0-7b5e-7c3d-8e4f-000000000001`,
  causationId: `0192d1a0-7b5e-7c3d-8e4f-000000000001`,
  ...more,
});

/** A log whose tables refuse the first appends. */
class RefusingTables extends InMemoryEventStore {
  refusals: string[] = [];

  override append(request: AppendRequest): Promise<AppendOutcome> {
    const constraint = this.refusals.shift();
    return constraint === undefined
      ? super.append(request)
      : Promise.resolve({ outcome: 'constraint_violated', constraint });
  }
}

describe('The facts of a command', () => {
  it('are read again with the constraint that showed that they were behind', async () => {
    const store = new RefusingTables();
    store.refusals = ['coins_once', 'coins_once'];
    const met: (string | null)[] = [];
    const handled = await new CommandHandler(store, codec).handle({
      ...till,
      facts: (constraint) => Promise.resolve(met.push(constraint)),
      retriedConstraints: ['coins_once'],
      decide: (_sum, attempt) => accept(moved(attempt)),
      context: context(1),
    });
    expect(handled).toMatchObject({ outcome: 'accepted' });
    expect(met).toEqual([null, 'coins_once', 'coins_once']);
    expect((await store.readAll(0, 10)).map(({ data }) => data)).toEqual([3]);
  });

  it('do not help against another constraint, which is the answer', async () => {
    const store = new RefusingTables();
    store.refusals = ['coins_positive'];
    const handled = await new CommandHandler(store, codec).handle({
      ...till,
      retriedConstraints: ['coins_once'],
      decide: () => accept(moved(1)),
      context: context(1),
    });
    expect(handled).toEqual({ outcome: 'constraint_violated', constraint: 'coins_positive' });
  });
});

describe('A decision', () => {
  it('records on a stream that it found out while deciding, and decides again if it is there', async () => {
    const store = new InMemoryEventStore();
    const handler = new CommandHandler(store, codec);
    let number = 1;
    const open = (n: number) =>
      handler.handleMany({
        streams: { till },
        decide: () => accept(place(till, moved(1)), placeFirst(`coin-${number++}`, moved(1))),
        context: context(n),
      });
    await open(1);
    number = 1;
    expect(await open(2)).toMatchObject({ outcome: 'accepted' });
    expect((await store.readAll(0, 10)).map(({ streamId }) => streamId)).toEqual([
      'till-1',
      'coin-1',
      'till-1',
      'coin-2',
    ]);
  });

  it('may not record on a stream that it has not read', async () => {
    const handler = new CommandHandler(new InMemoryEventStore(), codec);
    const handling = handler.handleMany({
      streams: { till },
      decide: () => accept({ streamId: 'coin-1', event: moved(1) }),
      context: context(1),
    });
    await expect(handling).rejects.toThrow('the stream "coin-1", which it has not read');
  });

  it('that refuses may leave a record, which answers a consumed event', async () => {
    const store = new InMemoryEventStore();
    const handler = new CommandHandler(store, codec);
    const inbox = { consumer: 'test', eventId: context(9).commandId };
    const refuse = () =>
      handler.handle({
        ...till,
        decide: () => ({ ...reject('overdrawn', { left: 0 }), events: [moved(0)] }),
        context: context(1, { inbox }),
      });
    expect(await refuse()).toEqual({
      outcome: 'rejected',
      violations: [{ code: 'overdrawn', details: { left: 0 } }],
      repeated: false,
    });
    expect(await store.readAll(0, 10)).toHaveLength(1);
    await refuse();
    expect(await store.readAll(0, 10)).toHaveLength(1);
  });
});

describe('A dry run', () => {
  it('answers what would happen and does nothing', async () => {
    const store = new InMemoryEventStore();
    const handler = new CommandHandler(store, codec);
    const put = (dryRun: boolean) =>
      handler.handle({
        ...till,
        decide: (sum) => accept(moved(sum + 1)),
        context: context(1, { dryRun }),
        answer: (streamVersion, events) => ({ streamVersion, coins: events[0]?.data ?? 0 }),
      });
    const previewed = await put(true);
    expect(await store.readAll(0, 10)).toEqual([]);
    expect(await put(false)).toEqual(previewed);
  });

  it('sees what another instance appended', async () => {
    const store = new InMemoryEventStore();
    const [one, other] = [new CommandHandler(store, codec), new CommandHandler(store, codec)];
    const put = (handler: CommandHandler, n: number, extra: Partial<CommandContext> = {}) =>
      handler.handle({
        ...till,
        decide: (sum) => accept(moved(sum + 1)),
        context: context(n, extra),
        answer: (_version, events) => events[0]?.data ?? 0,
      });
    await put(one, 1);
    await put(other, 2);
    expect(await put(one, 3, { dryRun: true })).toMatchObject({ answer: 4 });
  });
});
