import { MatchingCore } from '../src/index.js';
import type { BookConfig, EngineLimits, NewOrder } from '../src/index.js';

/** A small venue for tests: book 1 in continuous trading, accounts 1 (Ada), 2 (Ben) and 3 (Cy), each its own owner. */
export const ADA = 1;
export const BEN = 2;
export const CY = 3;

export const smallLimits: EngineLimits = {
  orderCapacity: 16,
  accountCapacity: 4,
  bookCapacity: 2,
  ladderTicks: 1024,
  tradeHistory: 4,
};

export const plainConfig: BookConfig = {
  tickSize: 1,
  lotSize: 1,
  minPrice: 1,
  maxPrice: 1022,
  minQuantity: 1,
  maxQuantity: 10_000,
  minNotional: 0,
  maxNotional: 10_000_000,
  protectionTicks: 0,
  makerFeePpm: 1_000,
  takerFeePpm: 2_000,
  auctionFeePpm: 1_500,
  reduceKeepsPriority: true,
  selfTradeAllowed: true,
  referenceFollowsTrades: true,
};

export interface DeskOptions {
  readonly config?: Partial<BookConfig>;
  readonly limits?: Partial<EngineLimits>;
}

export function openDesk({ config = {}, limits = {} }: DeskOptions = {}): MatchingCore {
  const engine = new MatchingCore({ ...smallLimits, ...limits });
  engine.apply({ kind: 'configure_book', book: 1, config: { ...plainConfig, ...config } });
  for (const account of [ADA, BEN, CY]) {
    engine.apply({ kind: 'configure_account', account, ownerGroup: account, openOrdersMax: 0 });
    engine.apply({ kind: 'deposit', account, asset: 0, amount: 1_000_000 });
    engine.apply({ kind: 'deposit', account, asset: 1, amount: 10_000 });
  }
  engine.apply({ kind: 'set_phase', book: 1, phase: 'continuous' });
  return engine;
}

/** A limit order, good till cancelled, of 10 lots at 100 ticks; `terms` say what is different. */
export function order(orderId: number, account: number, terms: Partial<NewOrder> = {}): NewOrder {
  return {
    kind: 'new_order',
    book: 1,
    account,
    orderId,
    side: 'buy',
    type: 'limit',
    timeInForce: 'gtc',
    price: 100,
    quantity: 10,
    stp: 'cancel_newest',
    ...terms,
  };
}
