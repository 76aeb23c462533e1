import { describe, expect, it } from 'vitest';
import { REJECT_REASONS, fixReject } from '../src/index.js';
import type { Command, RejectReason } from '../src/index.js';
import { ADA, BEN, openDesk, order, plainConfig } from './desk.js';
import type { DeskOptions } from './desk.js';

/**
 * Goal: every reject reason is reached, answers with its FIX code, and changes nothing but the command sequence.
 * Method: play `given`, then the command that must fail; compare hash, snapshot and view before and after.
 */
interface Case {
  readonly desk?: DeskOptions;
  readonly given?: readonly Command[];
  readonly refused: Command;
  /** [tag, value] */
  readonly fix: readonly [102 | 103, number];
}

const gtd = { timeInForce: 'gtd' } as const;
const phase = (to: 'closed' | 'halt' | 'pre_open' | 'opening_auction'): Command => ({
  kind: 'set_phase',
  book: 1,
  phase: to,
});
const replaceOf1 = { kind: 'replace', account: ADA, orderId: 1, price: 100, quantity: 10 } as const;
const oneTrade: readonly Command[] = [
  order(1, ADA, { side: 'sell' }),
  order(2, BEN, { side: 'buy' }),
];

const cases = {
  malformed_command: { refused: order(1, ADA, { price: NaN }), fix: [103, 99] },
  unknown_book: { refused: order(1, ADA, { book: 2 }), fix: [103, 1] },
  unknown_account: { refused: order(1, 4), fix: [103, 15] },
  account_killed: {
    given: [{ kind: 'kill_switch', account: ADA, engaged: true }],
    refused: order(1, ADA),
    fix: [103, 0],
  },
  duplicate_order_id: { given: [order(7, ADA)], refused: order(7, BEN), fix: [103, 6] },
  unknown_order: {
    given: [order(1, ADA)],
    refused: { kind: 'cancel', account: BEN, orderId: 1 },
    fix: [102, 1],
  },
  too_late: {
    given: oneTrade,
    refused: { kind: 'cancel', account: ADA, orderId: 1 },
    fix: [102, 0],
  },
  phase_refuses_orders: { given: [phase('closed')], refused: order(1, ADA), fix: [103, 2] },
  phase_refuses_cancel: {
    given: [order(1, ADA), phase('halt')],
    refused: { kind: 'cancel', account: ADA, orderId: 1 },
    fix: [102, 2],
  },
  combination_invalid: { refused: order(1, ADA, { expiresAt: 5 }), fix: [103, 11] },
  phase_refuses_combination: {
    given: [phase('pre_open')],
    refused: order(1, ADA, { timeInForce: 'ioc' }),
    fix: [103, 11],
  },
  stp_required: {
    desk: { config: { selfTradeAllowed: false } },
    refused: order(1, ADA, { stp: 'none' }),
    fix: [103, 11],
  },
  order_not_replaceable: {
    given: [
      order(1, ADA),
      order(2, ADA, { type: 'stop_limit', price: 120, stopPrice: 110, ocoPartner: 1 }),
    ],
    refused: { ...replaceOf1, quantity: 5 },
    fix: [102, 2],
  },
  quantity_out_of_range: { refused: order(1, ADA, { quantity: 10_001 }), fix: [103, 13] },
  quantity_not_on_lot: {
    desk: { config: { lotSize: 5 } },
    refused: order(1, ADA, { quantity: 12 }),
    fix: [103, 13],
  },
  display_quantity_invalid: { refused: order(1, ADA, { displayQuantity: 11 }), fix: [103, 13] },
  price_out_of_range: { refused: order(1, ADA, { price: 1_023 }), fix: [103, 99] },
  price_not_on_tick: {
    desk: { config: { tickSize: 5 } },
    given: [order(1, ADA)],
    refused: { ...replaceOf1, price: 101 },
    fix: [102, 18],
  },
  price_outside_band: {
    given: [
      {
        kind: 'set_bands',
        book: 1,
        staticLow: 90,
        staticHigh: 110,
        dynamicPpm: 0,
        referencePrice: 0,
      },
    ],
    refused: order(1, ADA, { price: 111 }),
    fix: [103, 16],
  },
  stop_price_out_of_range: { refused: order(1, ADA, { type: 'stop' }), fix: [103, 99] },
  stop_price_not_on_tick: {
    desk: { config: { tickSize: 5 } },
    refused: order(1, ADA, { type: 'stop', stopPrice: 101 }),
    fix: [103, 18],
  },
  notional_out_of_range: {
    desk: { config: { maxNotional: 999 } },
    refused: order(1, ADA),
    fix: [103, 3],
  },
  expire_time_passed: {
    given: [{ kind: 'set_time', time: 50 }],
    refused: order(1, ADA, { ...gtd, expiresAt: 50 }),
    fix: [103, 4],
  },
  oco_partner_invalid: {
    given: [order(1, ADA)],
    refused: order(2, BEN, { type: 'stop', stopPrice: 110, ocoPartner: 1 }),
    fix: [103, 99],
  },
  post_only_would_take: {
    given: [order(1, ADA, { side: 'sell' })],
    refused: order(2, BEN, { postOnly: 'reject' }),
    fix: [103, 99],
  },
  open_orders_limit: {
    given: [
      { kind: 'configure_account', account: ADA, ownerGroup: ADA, openOrdersMax: 1 },
      order(1, ADA),
    ],
    refused: order(2, ADA),
    fix: [103, 3],
  },
  order_capacity_reached: {
    desk: { limits: { orderCapacity: 1 } },
    given: [order(1, ADA)],
    refused: order(2, BEN),
    fix: [103, 3],
  },
  insufficient_cash: { refused: order(1, ADA, { quantity: 9_981 }), fix: [103, 3] },
  insufficient_tokens: {
    given: [order(1, ADA, { side: 'sell', quantity: 10_000 })],
    refused: order(2, ADA, { side: 'sell', quantity: 1 }),
    fix: [103, 3],
  },
  amount_out_of_range: {
    refused: { kind: 'deposit', account: ADA, asset: 0, amount: 0 },
    fix: [103, 99],
  },
  balance_overflow: {
    refused: { kind: 'deposit', account: ADA, asset: 0, amount: 2 ** 53 - 1 },
    fix: [103, 99],
  },
  config_invalid: {
    refused: { kind: 'configure_book', book: 2, config: { ...plainConfig, makerFeePpm: -2_001 } },
    fix: [103, 99],
  },
  book_has_orders: {
    given: [order(1, ADA)],
    refused: { kind: 'configure_book', book: 1, config: { ...plainConfig, tickSize: 2 } },
    fix: [103, 99],
  },
  bands_invalid: {
    refused: {
      kind: 'set_bands',
      book: 1,
      staticLow: 9,
      staticHigh: 8,
      dynamicPpm: 0,
      referencePrice: 0,
    },
    fix: [103, 99],
  },
  time_not_increasing: {
    given: [{ kind: 'set_time', time: 5 }],
    refused: { kind: 'set_time', time: 5 },
    fix: [103, 99],
  },
  phase_unchanged: {
    refused: { kind: 'set_phase', book: 1, phase: 'continuous' },
    fix: [103, 99],
  },
  phase_not_auction: { refused: { kind: 'indicate', book: 1 }, fix: [103, 99] },
  book_crossed: {
    given: [phase('pre_open'), order(1, ADA), order(2, BEN, { side: 'sell' })],
    refused: { kind: 'set_phase', book: 1, phase: 'continuous' },
    fix: [103, 99],
  },
  unknown_trade: { refused: { kind: 'bust', tradeId: 1 }, fix: [103, 99] },
  trade_already_busted: {
    given: [...oneTrade, { kind: 'bust', tradeId: 1 }],
    refused: { kind: 'correct', tradeId: 1, price: 99 },
    fix: [103, 99],
  },
  fees_invalid: {
    refused: {
      kind: 'set_fees',
      book: 1,
      tier: 1,
      makerFeePpm: 0,
      takerFeePpm: 2_001,
      auctionFeePpm: 0,
    },
    fix: [103, 99],
  },
} satisfies Record<RejectReason, Case>;

describe('MatchingCore refuses', () => {
  it.each(REJECT_REASONS)('%s and changes nothing', (reason) => {
    const { desk, given = [], refused, fix }: Case = cases[reason];
    const engine = openDesk(desk);
    for (const command of given)
      expect(engine.apply(command)[0], JSON.stringify(command)).not.toHaveProperty('reason');
    const hash = engine.stateHash();
    const view = engine.stateView();

    expect(engine.apply(refused)).toEqual([
      {
        type: 'rejected',
        command: refused.kind,
        reason,
        account: 'account' in refused ? refused.account : 0,
        orderId: 'orderId' in refused ? refused.orderId : 0,
      },
    ]);
    expect(fixReject(refused.kind, reason)).toEqual({ tag: fix[0], value: fix[1] });
    expect(engine.stateHash()).toBe(hash);
    expect(engine.stateView()).toEqual({ ...view, commandSequence: view.commandSequence + 1 });
  });

  it('lists the reasons in the order of the table', () => {
    expect(Object.keys(cases)).toEqual([...REJECT_REASONS]);
  });

  it.each([NaN, Infinity, -Infinity, -1, 0.5, 2 ** 53, '5', null, undefined])(
    'malformed_command for a price of %s',
    (price) => {
      const malformed = { ...order(1, ADA), price } as unknown as Command;
      expect(openDesk().apply(malformed)).toEqual([
        {
          type: 'rejected',
          command: 'new_order',
          reason: 'malformed_command',
          account: ADA,
          orderId: 1,
        },
      ]);
    },
  );

  it.each(['constructor', 'toString', '__proto__', 'new order', ''])(
    'malformed_command for the unknown kind "%s"',
    (kind) => {
      const events = openDesk().apply({ ...order(1, ADA), kind } as unknown as Command);
      expect(events).toEqual([
        {
          type: 'rejected',
          command: 'new_order',
          reason: 'malformed_command',
          account: 0,
          orderId: 0,
        },
      ]);
    },
  );

  it('malformed_command when a required name is missing', () => {
    const { side: _, ...sideless } = order(1, ADA);
    expect(openDesk().apply(sideless as Command)[0]).toMatchObject({ reason: 'malformed_command' });
  });
});

it('answers a refused replace with CxlRejReason and a refused order with OrdRejReason', () => {
  expect(fixReject('replace', 'price_outside_band')).toEqual({ tag: 102, value: 8 });
  expect(fixReject('new_order', 'price_outside_band')).toEqual({ tag: 103, value: 16 });
});
