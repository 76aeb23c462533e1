import { randomUUID } from 'node:crypto';
import type { EventCodec, NewEvent } from '@specie/event-sourcing';
import { toStream, trialCommand } from '@specie/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  defineProjection,
  defineTable,
  int32,
  micro,
  tablesMigration,
  text,
  type PostgresEventStore,
} from '../src/index.js';
import {
  createTrial,
  trialCodec,
  type Counted,
  type TestStore,
  type Trial,
} from './open-test-store.js';

const balanceTable = defineTable({
  name: 'balances',
  columns: { owner: text(), amount: micro(), eventCount: int32() },
  primaryKey: ['owner'],
  checks: { balances_not_negative: 'amount >= 0' },
});

type Moved = Counted<{ readonly owner: string; readonly amount: bigint }>;

/** Sums per owner, one row each however many events a batch has. */
const balances = defineProjection<Moved, Map<string, { amount: bigint; eventCount: number }>>({
  name: 'balances',
  events: {
    'trial.counted': (changes, { data: { owner, amount } }) => {
      const { amount: before, eventCount } = changes.get(owner) ?? { amount: 0n, eventCount: 0 };
      changes.set(owner, { amount: before + amount, eventCount: eventCount + 1 });
    },
  },
  changes: () => new Map(),
  write: (manager, changes) =>
    balanceTable.addOrInsert(
      manager,
      [...changes].map(([owner, change]) => ({ owner, ...change })),
    ),
});

const codec: EventCodec = {
  ...trialCodec,
  decode: ({ type, data }: NewEvent) => {
    const { owner, amount } = data as Readonly<Record<'owner' | 'amount', string>>;
    return { type, data: { owner, amount: BigInt(amount) } };
  },
};

describe('A projection', () => {
  let trial: Trial;
  let opened: TestStore;
  let store: PostgresEventStore;
  beforeEach(async () => {
    trial = await createTrial();
    opened = await trial.open({ projections: [balances], codec });
    store = opened.store;
    const CreateBalances = tablesMigration(1764400000000, 'CreateBalances', [balanceTable]);
    await new CreateBalances().up(opened.dataSource.createQueryRunner());
  });
  afterEach(() => trial.close());

  const move = (owner: string, amount: string) =>
    store.append(trialCommand([toStream(randomUUID(), 'no_stream', { owner, amount })]));
  const stored = () => opened.dataSource.query<unknown[]>('select * from balances order by owner');

  it('follows the events in their transaction, a batch at a time', async () => {
    await Promise.all([move('anna', '5'), move('bert', '2'), move('anna', '7'), move('anna', '0')]);
    expect(await stored()).toEqual([
      { owner: 'anna', amount: '12', event_count: 3 },
      { owner: 'bert', amount: '2', event_count: 1 },
    ]);
  });

  it('refuses the command alone that violates a constraint of its table', async () => {
    const outcomes = await Promise.all([
      move('anna', '5'),
      move('bert', '-1'),
      move('anna', '7'),
      move('carl', '1'),
    ]);
    expect(outcomes.map((outcome) => outcome.outcome)).toEqual([
      'appended',
      'constraint_violated',
      'appended',
      'appended',
    ]);
    expect(outcomes[1]).toMatchObject({ constraint: 'balances_not_negative' });
    expect(await stored()).toEqual([
      { owner: 'anna', amount: '12', event_count: 2 },
      { owner: 'carl', amount: '1', event_count: 1 },
    ]);
  });
});
