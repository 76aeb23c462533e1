import type { TimedStanding } from '@specie/eligibility';
import { beforeEach, describe, expect, it } from 'vitest';
import { OpenOrders } from './open-orders.js';
import { PartyStandings } from './party-standings.js';

const [ada, at] = ['0be4a704-0000-4000-8000-00000000000a', '2026-03-02T12:00:00.000Z'];
const [noon, one] = [new Date(at), new Date('2026-03-02T13:00:00.000Z')];

describe('Standings that no command asks about', () => {
  let mark: string;
  let stored: TimedStanding;
  let orders: OpenOrders;
  let standings: PartyStandings;
  beforeEach(() => {
    mark = '1';
    stored = { standing: 'eligible', validUntil: one };
    standings = new PartyStandings({
      standingsMark: () => Promise.resolve(mark),
      partyStandings: (partyIds) =>
        Promise.resolve(new Map(partyIds.map((partyId) => [partyId, stored]))),
    });
    orders = new OpenOrders();
    orders.add({
      ...{ orderNumber: 1, orderId: ada, partyId: ada, seriesId: ada, side: 'buy' },
      ...{
        orderKind: 'limit',
        timeInForce: 'GTC',
        priceTicks: 1,
        isByAmount: false,
        filledNotional: 0,
      },
    });
  });

  it('are due where a change bars a party with orders, not where anything changed', async () => {
    expect(await standings.isDue(orders, at)).toBe(false);
    await standings.refresh([], { orders, at });
    mark = '2';
    expect(await standings.isDue(orders, at)).toBe(false);
    stored = { standing: 'frozen', validUntil: one };
    expect(await standings.isDue(new OpenOrders(), at)).toBe(false);
    expect(await standings.isDue(orders, at)).toBe(true);
    // Nothing of that is kept: the command that follows asks for itself.
    expect(standings.of(ada, at)).toBe('eligible');
  });

  it('are due while a party has orders that may not trade, also because its standing ended', async () => {
    await standings.refresh([], { orders, at });
    expect(await standings.isDue(orders, at)).toBe(false);
    expect(await standings.isDue(orders, one.toISOString())).toBe(true);
    [mark, stored] = ['2', { standing: 'frozen', validUntil: noon }];
    await standings.refresh([], { orders, at });
    expect(await standings.isDue(orders, at)).toBe(true);
    expect(standings.barredByCompliance(orders, at)).toEqual([ada]);
  });

  it('wait for compliance to tell of a party, which can trade with nobody meanwhile', async () => {
    stored = { standing: 'unknown', validUntil: null };
    await standings.refresh([], { orders, at });
    expect(await standings.isDue(orders, at)).toBe(false);
    expect(standings.barredByCompliance(orders, at)).toEqual([]);
    expect(standings.barred(orders, at)).toEqual([ada]);
  });
});
