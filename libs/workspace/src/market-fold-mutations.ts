import { faultsIn, type Fault, type Mutation } from './mutation.js';

const forged = ['src/folds/market.fold.spec.ts'];
const played = ['test/market.sim.spec.ts'];

function marketFaults(
  file: string,
  specs: readonly string[],
  faults: readonly Fault[],
): readonly Mutation[] {
  return faultsIn('libs/ledger-audit', `src/folds/market/${file}`, specs, faults);
}

/** Faults of the market fold: rules that let forged events pass, and a model that is not that of the engine. */
export const marketFoldMutations: readonly Mutation[] = [
  ...marketFaults('balances.ts', forged, [
    [
      'cash out of nothing',
      'this.cashHeld !== this.cashIn',
      'this.cashHeld > this.cashIn * 2n',
      'The fold moves cash from account to account, so its sum can only break with a notional, which is checked on its own.',
    ],
    ['a balance below nothing', 'available < 0n || reserved < 0n', 'available < -1000000000000n'],
  ]),
  ...marketFaults('balances.ts', played, [
    ['price improvement is lost', 'cashSet - notional - buyerFee', '-notional - buyerFee'],
    ['all tokens sold were reserved', 'tokensSet - quantity, -tokensSet', '0n, -quantity'],
  ]),
  ...marketFaults('trade-rules.ts', forged, [
    ['a trade at any price', 'isAuction || priceTicks === maker.priceTicks', 'true'],
    ['a trade beyond limits', 'isBeyondLimit(order, priceTicks))', 'order.leavesLots < 0)'],
    ['a trade in any phase', '!isMatching(book.phase)', 'book.terms.minimumLots < 0'],
    ['a trade ahead of others', 'if (first !== order)', 'if (first === null)'],
    ['a trade of an expired order', 'order.expiresAtMs <= nowMs', 'order.expiresAtMs < 0'],
    ['a trade with oneself', 'trade.buyerPartyId === trade.sellerPartyId && ', 'nowMs < 0 && '],
  ]),
  ...marketFaults('trade-events.ts', forged, [
    [
      'the notional is not computed again',
      'trade.notional !== trade.priceTicks * trade.quantityLots',
      'trade.notional < 0',
    ],
    ['fees below nothing', 'trade.buyerFee + trade.sellerFee < 0', 'trade.notional < 0'],
  ]),
  ...marketFaults('order-rules.ts', forged, [
    ['orders outside the bands', "order.kind === 'limit' && book", "order.kind === 'stop' && book"],
    ['prices off the step', 'ticks % priceStepTicks !== 0', 'ticks < 0'],
  ]),
  ...marketFaults('duties.ts', forged, [
    ['what must end may stay', 'if (order.isOpen)', 'if (order.filledLots < 0)'],
    ['cancels are not counted', 'orderCount !== this.cancelCount', 'orderCount < 0'],
  ]),
  ...marketFaults('book.ts', played, [
    ['priority is price alone', 'a.rank === b.rank ? a.priority < b.priority : ', ''],
    [
      'market orders are last',
      "priceTicks === 0 ? -Infinity : this.side === 'buy'",
      "this.side === 'buy'",
    ],
  ]),
  ...marketFaults('venue.ts', played, [
    [
      'icebergs keep their place',
      'order.visibleLots <= 0 && ',
      'order.visibleLots < -order.leavesLots && ',
    ],
    ['the reference price stays', 'book.terms.referenceFollowsTrades', 'book.lastPriceTicks < 0'],
  ]),
  ...marketFaults('order-events.ts', played, [
    [
      'a triggered order sets nothing more aside',
      'perLot(reserved, leavesLots)',
      'order.reservedPerLot',
    ],
    [
      'a replaced order sets aside as before',
      'perLot(data.reserved, leavesLots)',
      'order.reservedPerLot',
    ],
  ]),
];
