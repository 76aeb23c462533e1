import { describe, expect, it } from 'vitest';
import { cancelOrderRejections, type CancelOrderRejection } from './order-rejections.js';
import {
  ada,
  buy,
  cancel,
  eve,
  orderId,
  phase,
  refuses,
  sell,
  series,
  Story,
  venue,
  type Case,
} from '../../test/shard-story.js';

describe('Cancelling an order', () => {
  it('returns the reservation', () => {
    const story = new Story([...venue, buy(1)]);
    expect(story.when(cancel(1, ada)).events).toEqual([
      {
        type: 'market.order-cancelled',
        data: {
          orderId: orderId(1),
          seriesId: series,
          partyId: ada,
          leavesLots: 100,
          reason: 'requested',
        },
      },
    ]);
    expect(story.venue.cashOf(ada)).toEqual({ available: 100_000_000n, reserved: 0n });
  });
  it('cancels all orders of a party, bids before asks, lowest price first', () => {
    const story = new Story([
      ...venue,
      buy(1, { priceTicks: 3 }),
      buy(2, { priceTicks: 9 }),
      sell(3),
      buy(4, { priceTicks: 5 }),
    ]);
    expect(
      story
        .when({ kind: 'mass-cancel', partyId: ada, reason: 'mass_cancel' })
        .events.map(({ data }) => ('orderId' in data ? data.orderId : data)),
    ).toEqual([{ partyId: ada, reason: 'mass_cancel', orderCount: 3 }, ...[1, 4, 2].map(orderId)]);
  });
  const cases = {
    order_unknown: {
      given: [...venue, buy(1)],
      when: cancel(1, eve),
      details: { cxlRejReason: 1 },
    },
    order_refused: {
      given: [...venue, buy(1, { priceTicks: 0 })],
      when: cancel(1, ada),
      details: { reason: 'price_out_of_range', cxlRejReason: 1 },
    },
    order_not_open: {
      given: [...venue, buy(1), cancel(1, ada)],
      when: cancel(1, ada),
      details: { cxlRejReason: 0 },
    },
    phase_refuses_cancel: {
      given: [...venue, buy(1), phase('halt')],
      when: cancel(1, ada),
      details: { cxlRejReason: 2, phase: 'halt' },
    },
  } satisfies Record<CancelOrderRejection, Case>;
  refuses(cancelOrderRejections, cases);
});
