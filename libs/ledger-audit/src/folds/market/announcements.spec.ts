import { describe, expect, it } from 'vitest';
import { Invariants } from '../../invariants.js';
import { Announcements } from './announcements.js';
import { Venue, type EventOf } from './venue.js';

const seriesId = '5e51e500-0000-4000-8000-000000000001';
const noon = Date.parse('2026-03-02T12:00:00.000Z');
const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();

type Reference = EventOf<'market.reference-price-published'>['data'];

/** Three trades of 100, 100 and 200 lots at 20, 21 and 22 ticks, a minute apart from noon on. */
const trades = [
  { quantityLots: 100, notional: 2_000 },
  { quantityLots: 100, notional: 2_100 },
  { quantityLots: 200, notional: 4_400 },
];
const published: Reference = {
  seriesId,
  // 8,500 / 400 = 21.25
  priceTicks: 21,
  stale: false,
  windowStartsAt: at(0),
  windowEndsAt: at(10),
  throughTradeNumber: 3,
  minimumTrades: 3,
  tradeCount: 3,
  volumeLots: 400,
  notional: 8_500,
};
const stale: Reference = {
  ...published,
  ...{ stale: true, windowStartsAt: at(2), windowEndsAt: at(12) },
  ...{ tradeCount: 1, volumeLots: 200, notional: 4_400 },
};

function foundIn(...references: readonly Reference[]): readonly string[] {
  const invariants = new Invariants();
  const announcements = new Announcements(new Venue(invariants));
  const place = { service: 'market', position: 1, eventId: 'e', commandId: 'c', streamId: 's' };
  trades.forEach((data, index) => {
    announcements.noteTrade({
      ...place,
      ...{ occurredAtMs: noon + index * 60_000 },
      data: { ...data, seriesId, tradeNumber: index + 1 },
    } as unknown as EventOf<'market.trade-executed'>);
  });
  references.forEach((data) => {
    announcements.publishReference({
      ...place,
      data,
    } as unknown as EventOf<'market.reference-price-published'>);
  });
  return textsOf(invariants);
}

function textsOf(invariants: Invariants): readonly string[] {
  return Object.entries(invariants.results()).flatMap(([name, { counterexample }]) =>
    counterexample === null ? [] : [`${name} ${counterexample}`],
  );
}

describe('A reference price', () => {
  it('is the average of its window, and stays what it was while trades are too few', () => {
    expect(foundIn(published, stale)).toEqual([]);
  });

  it.each<[string, readonly Reference[], string]>([
    ['another price', [{ ...published, priceTicks: 22 }], 'S4'],
    ['other trades', [{ ...published, tradeCount: 2 }], 'S4'],
    ['another volume', [{ ...published, volumeLots: 401 }], 'S4'],
    ['another notional', [{ ...published, notional: 8_499 }], 'S4'],
    ['a price from too few trades', [{ ...published, minimumTrades: 4 }], 'S4'],
    ['staleness with enough trades', [published, { ...stale, minimumTrades: 1 }], 'S4'],
    ['another price while it is stale', [published, { ...stale, priceTicks: 22 }], 'S4'],
    ['a window that is not on minutes', [{ ...published, windowEndsAt: at(10.5) }], 'S9'],
    ['a window before the last one', [published, published], 'S9'],
  ])('with %s is found', (_name, references, invariant) => {
    expect(foundIn(...references)).toEqual([expect.stringContaining(invariant) as string]);
  });
});

describe('The calendars of a book', () => {
  const set = (calendarVersion: number, effectiveAt: string): readonly string[] => {
    const invariants = new Invariants();
    const announcements = new Announcements(new Venue(invariants));
    const place = { service: 'market', position: 1, eventId: 'e', commandId: 'c', streamId: 's' };
    announcements.setCalendar({
      ...place,
      ...{ occurredAtMs: noon, data: { seriesId, calendarVersion, effectiveAt } },
    } as unknown as EventOf<'market.calendar-set'>);
    return textsOf(invariants);
  };

  it('are counted from 1 and take effect no earlier than they are announced', () => {
    expect(set(1, at(0))).toEqual([]);
    expect(set(2, at(0))).toHaveLength(1);
    expect(set(1, at(-1))).toHaveLength(1);
  });
});
