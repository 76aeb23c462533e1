import type { BookConfig, Command, EngineLimits, MatchingEngine } from '../../src/types.js';
import { W1Kind, W1Side, W1_OP_WIDTH, type W1 } from '../../src/workload/w1.js';

/** W1 as commands: one book, 1,000 accounts (order id mod 1,000), each its own owner, all with ample funds. */

const ACCOUNT_COUNT = 1_000;
export const W1_LIMITS: EngineLimits = {
  orderCapacity: 32_768,
  accountCapacity: ACCOUNT_COUNT,
  bookCapacity: 1,
  ladderTicks: 2 ** 17,
  tradeHistory: 1_024,
};
const CONFIG: BookConfig = {
  tickSize: 1,
  lotSize: 1,
  minPrice: 1,
  maxPrice: 2 ** 17 - 2,
  minQuantity: 1,
  maxQuantity: 1_000_000,
  minNotional: 0,
  maxNotional: Number.MAX_SAFE_INTEGER,
  protectionTicks: 0,
  makerFeePpm: 1_000,
  takerFeePpm: 2_000,
  auctionFeePpm: 0,
  reduceKeepsPriority: true,
  selfTradeAllowed: true,
  referenceFollowsTrades: false,
};

export const accountOf = (orderId: number): number => (orderId % ACCOUNT_COUNT) + 1;

export function openingCommands(): Command[] {
  const commands: Command[] = [{ kind: 'configure_book', book: 1, config: CONFIG }];
  for (let account = 1; account <= ACCOUNT_COUNT; account += 1) {
    commands.push({ kind: 'configure_account', account, ownerGroup: account, openOrdersMax: 0 });
    commands.push({ kind: 'deposit', account, asset: 0, amount: 10 ** 12 });
    commands.push({ kind: 'deposit', account, asset: 1, amount: 10 ** 9 });
  }
  commands.push({ kind: 'set_phase', book: 1, phase: 'continuous' });
  return commands;
}

export function commandOf(ops: Int32Array, index: number): Command {
  const at = index * W1_OP_WIDTH;
  const [kind, orderId, side, price, quantity] = ops.subarray(at, at + W1_OP_WIDTH);
  if (orderId === undefined || price === undefined || quantity === undefined)
    throw new Error(`no operation ${index}`);
  const account = accountOf(orderId);
  if (kind === W1Kind.cancel) return { kind: 'cancel', account, orderId };
  const isMarket = kind === W1Kind.market;
  return {
    kind: 'new_order',
    book: 1,
    account,
    orderId,
    side: side === W1Side.buy ? 'buy' : 'sell',
    type: isMarket ? 'market' : 'limit',
    timeInForce: isMarket ? 'ioc' : 'gtc',
    price,
    quantity,
    stp: 'none',
  };
}

/** Runs W1 and collects what the engine did. */
export function tradesThrough(create: (limits: EngineLimits) => MatchingEngine, w1: W1) {
  const engine = create(W1_LIMITS);
  for (const command of openingCommands()) engine.apply(command);
  const trades: number[] = [];
  let rejected = 0;
  let notional = 0;
  let makerFees = 0;
  let takerFees = 0;
  for (let index = 0; index < w1.ops.length / W1_OP_WIDTH; index += 1)
    for (const event of engine.apply(commandOf(w1.ops, index)))
      if (event.type === 'rejected') rejected += 1;
      else if (event.type === 'trade') {
        trades.push(event.takerOrderId, event.makerOrderId, event.price, event.quantity);
        notional += event.price * event.quantity;
        makerFees += event.makerFee;
        takerFees += event.takerFee;
      }
  const view = engine.stateView();
  const book = view.books[0];
  return {
    trades: Int32Array.from(trades),
    checks: {
      rejected,
      notional,
      fees: makerFees + takerFees,
      venueCash: view.accounts[0]?.cash.available,
      openOrders: view.openOrders,
      bestBid: book?.bids.at(-1)?.price,
      bestAsk: book?.asks[0]?.price,
    },
  };
}
