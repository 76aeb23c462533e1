import fc from 'fast-check';
import { MatchingCore, type BookConfig, type NewOrder } from '@specie/matching-core';
import { describe, expect, it } from 'vitest';
import { everyDay, firstChanges, ms, plain, someCalendars } from '../../test/calendars.js';
import type { TradingPhase } from '../shard/shard.commands.js';
import { plannedChanges, type Calendar, type PlannedChange } from './planned-changes.js';
import { dueSteps, nextStep, type Session } from './session-plan.js';

const since = (
  sinceMs: number,
  phase: TradingPhase,
  cause: Session['cause'],
  plannedThroughMs = sinceMs,
): Session => ({ phase, sinceMs, cause, plannedThroughMs });
const step = (atMs: number, to: TradingPhase): PlannedChange => ({ atMs, to, calendarVersion: 1 });
const phasesOf = (steps: readonly PlannedChange[]): readonly TradingPhase[] =>
  steps.map(({ to }) => to);
const opened = ms(2, '08:35:00');

describe('The next step of a book', () => {
  it('is the next change that its calendar plans', () => {
    const session = since(opened, 'continuous', 'calendar');
    const next = step(ms(2, '16:30:00'), 'closing_auction');
    expect(nextStep([plain], session)).toEqual(next);
    expect(dueSteps([plain], session, next.atMs - 1)).toEqual([]);
    expect(dueSteps([plain], session, next.atMs)).toEqual([next]);
  });

  it('does not exist without a calendar', () => {
    expect(nextStep([], since(opened, 'continuous', 'opened'))).toBeNull();
    expect(nextStep([], since(opened, 'limit_state', 'band'))).toBeNull();
  });

  it('is nothing where the book is in the planned phase already', () => {
    const early = since(ms(2, '16:20:00'), 'closing_auction', 'operator');
    expect(nextStep([plain], early)).toEqual(step(ms(2, '16:35:00'), 'closed'));
  });

  it('waits for an operator who halted the book or lets orders be cancelled only', () => {
    for (const phase of ['halt', 'cancel_only'] as const) {
      const held = since(opened, phase, 'operator');
      expect(nextStep([plain], held)).toBeNull();
      expect(dueSteps([plain], held, ms(9, '12:00:00'))).toEqual([]);
    }
    const planned = since(opened, 'cancel_only', 'calendar');
    expect(nextStep([plain], planned)).toMatchObject({ to: 'closing_auction' });
  });
});

describe('A volatility interruption', () => {
  const limit = since(ms(2, '10:00:00'), 'limit_state', 'band', opened);
  const pause = since(ms(2, '10:00:15'), 'pause', 'calendar', opened);
  const auction = since(ms(2, '10:05:15'), 'reopening_auction', 'calendar', opened);

  it('goes from the limit state over a pause and an auction back to trading', () => {
    expect(nextStep([plain], limit)).toEqual(step(ms(2, '10:00:15'), 'pause'));
    expect(nextStep([plain], pause)).toEqual(step(ms(2, '10:05:15'), 'reopening_auction'));
    expect(nextStep([plain], auction)).toEqual(step(ms(2, '10:05:45'), 'continuous'));
  });

  it('takes the times of the calendar that counts', () => {
    const hasty = { ...plain, limitStateSeconds: 1, pauseSeconds: 2, reopeningSeconds: 3 };
    expect(nextStep([hasty], limit)?.atMs).toBe(limit.sinceMs + 1_000);
    expect(nextStep([hasty], pause)?.atMs).toBe(pause.sinceMs + 2_000);
    expect(nextStep([hasty], auction)?.atMs).toBe(auction.sinceMs + 3_000);
  });

  it('ends where an operator changes the phase', () => {
    for (const phase of ['pause', 'reopening_auction', 'limit_state'] as const) {
      const changed = since(ms(2, '10:00:05'), phase, 'operator');
      expect(nextStep([plain], changed)).toEqual(step(ms(2, '16:30:00'), 'closing_auction'));
    }
  });

  it('gives way to what the calendar plans', () => {
    const late = since(ms(2, '16:29:50'), 'limit_state', 'band', opened);
    expect(nextStep([plain], late)).toEqual(step(ms(2, '16:30:00'), 'closing_auction'));
    expect(dueSteps([plain], limit, ms(2, '16:31:00'))).toEqual([
      step(ms(2, '16:30:00'), 'closing_auction'),
    ]);
  });

  it('does not lose a change that was slept through when an order reached the band', () => {
    const late = since(ms(2, '16:31:00'), 'limit_state', 'band', opened);
    expect(dueSteps([plain], late, ms(2, '16:31:00'))).toEqual([
      step(ms(2, '16:30:00'), 'closing_auction'),
    ]);
  });

  it('does not end an auction that the calendar plans itself', () => {
    const changes: Calendar['changes'] = [
      { days: [...everyDay], at: '08:00', phase: 'continuous' },
      { days: [...everyDay], at: '12:00', phase: 'reopening_auction' },
      { days: [...everyDay], at: '12:05', phase: 'continuous' },
    ];
    const planned = since(ms(2, '12:00:00'), 'reopening_auction', 'calendar');
    const met = since(ms(2, '11:59:50'), 'reopening_auction', 'calendar', ms(2, '08:00:00'));
    for (const session of [planned, met]) {
      expect(nextStep([{ ...plain, changes }], session)).toEqual(
        step(ms(2, '12:05:00'), 'continuous'),
      );
    }
  });
});

describe('What was slept through', () => {
  it('is made up for in its order', () => {
    const session = since(ms(2, '08:00:00'), 'pre_open', 'calendar');
    expect(phasesOf(dueSteps([plain], session, ms(3, '08:10:00')))).toEqual([
      ...['opening_auction', 'continuous', 'closing_auction', 'closed', 'pre_open'],
    ]);
  });

  it('goes on where it was left, not where the clock is', () => {
    const left = since(ms(3, '08:10:00'), 'closing_auction', 'calendar', ms(2, '16:30:00'));
    expect(phasesOf(dueSteps([plain], left, ms(3, '08:10:01')))).toEqual(['closed', 'pre_open']);
  });

  it('leaves out the days in the middle of a long sleep', () => {
    const session = since(ms(2, '08:00:00'), 'pre_open', 'calendar');
    const steps = dueSteps([plain], session, ms(27, '12:00:00'));
    const day = (of: number): readonly PlannedChange[] =>
      firstChanges(5, [plain], ms(of, '00:00:00'));
    expect(steps).toEqual([...day(2).slice(1), ...day(26), ...day(27).slice(0, 3)]);
  });

  it('begins with the next step as soon as that is due, and not before', () => {
    const session = fc.record({
      phase: fc.constantFrom<TradingPhase>('closed', 'pre_open', 'continuous', 'pause', 'halt'),
      cause: fc.constantFrom('opened', 'operator', 'calendar', 'band'),
      sinceMs: fc.integer({ min: ms(1, '00:00:00'), max: ms(20, '00:00:00') }),
    });
    fc.assert(
      fc.property(someCalendars, session, (calendars, { phase, cause, sinceMs }) => {
        const now = since(sinceMs, phase, cause);
        const next = nextStep(calendars, now);
        if (!next) {
          expect(dueSteps(calendars, now, ms(28, '00:00:00'))).toEqual([]);
          return;
        }
        expect(dueSteps(calendars, now, next.atMs - 1)).toEqual([]);
        expect(dueSteps(calendars, now, next.atMs)).toEqual([next]);
      }),
    );
  });

  it('does to the orders in the book what every single change would have done', () => {
    const order = fc.record({
      account: fc.constantFrom(1, 2, 3),
      side: fc.constantFrom('buy', 'sell'),
      type: fc.constantFrom('limit', 'limit', 'stop_limit', 'stop'),
      timeInForce: fc.constantFrom('gtc', 'day'),
      price: fc.integer({ min: 95, max: 105 }),
      stopPrice: fc.integer({ min: 95, max: 105 }),
      quantity: fc.integer({ min: 1, max: 20 }),
    });
    const phases = ['pre_open', 'continuous', 'opening_auction'] as const;
    const inDays = fc.integer({ min: 1, max: 20 * 24 });
    fc.assert(
      fc.property(
        fc.constantFrom(...phases),
        fc.array(order, { maxLength: 25 }),
        inDays,
        fc.boolean(),
        (phase, orders, hours, hasAuction) => {
          const changes = plain.changes.filter(
            (change) => hasAuction || change.phase !== 'opening_auction',
          );
          const calendars = [{ ...plain, changes }];
          const session = since(ms(2, '09:00:00'), phase, 'operator');
          const nowMs = session.sinceMs + hours * 3_600_000;
          const short = bookAfter(phase, orders, dueSteps(calendars, session, nowMs));
          const long = bookAfter(phase, orders, everyChange(calendars, session, nowMs));
          expect(short).toEqual(long);
        },
      ),
      { numRuns: 200 },
    );
  });
});

type Order = Required<
  Pick<NewOrder, 'account' | 'side' | 'type' | 'timeInForce' | 'price' | 'stopPrice' | 'quantity'>
>;

const config: BookConfig = {
  ...{ tickSize: 1, lotSize: 1, minPrice: 1, maxPrice: 200, minQuantity: 1, maxQuantity: 1_000 },
  ...{ minNotional: 0, maxNotional: 1_000_000, protectionTicks: 0 },
  ...{ makerFeePpm: 1_000, takerFeePpm: 2_000, auctionFeePpm: 1_000 },
  ...{ reduceKeepsPriority: true, selfTradeAllowed: false, referenceFollowsTrades: true },
};

function* everyChange(
  calendars: readonly Calendar[],
  { plannedThroughMs }: Session,
  nowMs: number,
): Generator<PlannedChange> {
  for (const change of plannedChanges(calendars, plannedThroughMs)) {
    if (change.atMs > nowMs) return;
    yield change;
  }
}

/** The phase, the orders and the balances of a book that had these orders, after the steps. */
function bookAfter(phase: TradingPhase, orders: readonly Order[], steps: Iterable<PlannedChange>) {
  const core = new MatchingCore({
    ...{ bookCapacity: 1, accountCapacity: 3, ladderTicks: 1_024 },
    ...{ orderCapacity: 64, tradeHistory: 64 },
  });
  core.apply({ kind: 'configure_book', book: 1, config });
  for (const account of [1, 2, 3]) {
    core.apply({ kind: 'configure_account', account, ownerGroup: account, openOrdersMax: 0 });
    core.apply({ kind: 'deposit', account, asset: 0, amount: 1_000_000 });
    core.apply({ kind: 'deposit', account, asset: 1, amount: 1_000 });
  }
  core.apply({ kind: 'set_phase', book: 1, phase });
  orders.forEach(({ type, stopPrice, ...order }, index) => {
    core.apply({
      ...{ kind: 'new_order', book: 1, orderId: index + 1, ...order, type },
      stopPrice: type === 'limit' ? 0 : stopPrice,
      stp: 'cancel_newest',
    });
  });
  for (const { to } of steps) {
    const [first] = core.apply({ kind: 'set_phase', book: 1, phase: to });
    if (first?.type === 'rejected' && first.reason === 'book_crossed') {
      core.apply({ kind: 'set_phase', book: 1, phase: 'reopening_auction' });
    }
  }
  const { books, accounts, tradeCount } = core.stateView();
  const sides = books.map(({ levelSequence: _sequence, ...book }) => book);
  return { sides: JSON.parse(withoutPriorities(sides)) as unknown, accounts, tradeCount };
}

function withoutPriorities(value: unknown): string {
  return JSON.stringify(value, (name, one: unknown) => (name === 'priority' ? undefined : one));
}
