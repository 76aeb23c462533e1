import { CommandCode } from '../codes.js';
import { COMMAND_WIDTH, NEW_ORDER, ORDER_WIDTH } from '../fields.js';
import { packTerms } from '../terms.js';
import type { BookConfig, Command, EngineLimits } from '../types.js';
import { W1Kind, W1Side, W1_OP_WIDTH } from './w1.js';

/**
 * W1 as commands: one book; buyers and sellers are 1,000 accounts each (order id mod 1,000), every account its own
 * owner with ample funds. So self-trade prevention is checked on every match and never changes the trades.
 */
const ACCOUNTS_PER_SIDE = 1_000;

export const W1_LIMITS: EngineLimits = {
  orderCapacity: 32_768,
  accountCapacity: 2 * ACCOUNTS_PER_SIDE,
  bookCapacity: 1,
  ladderTicks: 2 ** 17,
  tradeHistory: 1_024,
};

export const W1_CONFIG: BookConfig = {
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
  selfTradeAllowed: false,
  referenceFollowsTrades: false,
};

/** Book, accounts and funds, before the prelude. */
export function openW1(): Command[] {
  const commands: Command[] = [{ kind: 'configure_book', book: 1, config: W1_CONFIG }];
  for (let account = 1; account <= 2 * ACCOUNTS_PER_SIDE; account++) {
    commands.push({ kind: 'configure_account', account, ownerGroup: account, openOrdersMax: 0 });
    commands.push({ kind: 'deposit', account, asset: 0, amount: 10 ** 12 });
    commands.push({ kind: 'deposit', account, asset: 1, amount: 10 ** 9 });
  }
  commands.push({ kind: 'set_phase', book: 1, phase: 'continuous' });
  return commands;
}

/** The account of every operation's order; a cancel belongs to the account of the order it names. */
export function accountsOfW1(ops: Int32Array): Int32Array {
  const count = ops.length / W1_OP_WIDTH;
  const accounts = new Int32Array(count);
  const accountOfOrder = new Int32Array(count + 1);
  for (let k = 0; k < count; k++) {
    const at = k * W1_OP_WIDTH;
    const id = ops[at + 1] as number;
    if (ops[at] !== W1Kind.cancel) {
      const isBuy = ops[at + 2] === W1Side.buy;
      accountOfOrder[id] = (id % ACCOUNTS_PER_SIDE) + 1 + (isBuy ? 0 : ACCOUNTS_PER_SIDE);
    }
    accounts[k] = accountOfOrder[id] as number;
  }
  return accounts;
}

/** Doubles from one command of a stream to the next: W1's orders need no extension. */
export const W1_COMMAND_WIDTH = ORDER_WIDTH;

/** The operations in the binary form that `execute` takes. */
export class W1Commands {
  private readonly ops: Int32Array;
  private readonly accounts: Int32Array;
  private readonly record = new Float64Array(COMMAND_WIDTH);

  constructor(ops: Int32Array) {
    this.ops = ops;
    this.accounts = accountsOfW1(ops);
  }

  get count(): number {
    return this.accounts.length;
  }

  /** One command, valid until the next call. */
  at(index: number): Float64Array {
    this.write(index, this.record, 0);
    return this.record;
  }

  /** All of them, W1_COMMAND_WIDTH apart. */
  stream(): Float64Array {
    const stream = new Float64Array(this.count * W1_COMMAND_WIDTH);
    for (let k = 0; k < this.count; k++) this.write(k, stream, k * W1_COMMAND_WIDTH);
    return stream;
  }

  private write(index: number, into: Float64Array, offset: number): void {
    const { ops } = this;
    const at = index * W1_OP_WIDTH;
    const kind = ops[at] as number;
    const account = this.accounts[index] as number;
    const orderId = ops[at + 1] as number;
    if (kind === W1Kind.cancel) {
      into[offset] = CommandCode.cancel;
      into[offset + 1] = account;
      into[offset + 2] = orderId;
      return;
    }
    into[offset] = CommandCode.new_order;
    into[offset + NEW_ORDER.book] = 1;
    into[offset + NEW_ORDER.account] = account;
    into[offset + NEW_ORDER.orderId] = orderId;
    const side = (ops[at + 2] as number) === W1Side.buy ? 'buy' : 'sell';
    into[offset + NEW_ORDER.terms] = TERMS_OF[kind === W1Kind.limit ? 'limit' : 'market'][side];
    into[offset + NEW_ORDER.price] = ops[at + 3] as number;
    into[offset + NEW_ORDER.quantity] = ops[at + 4] as number;
  }
}

const stp = 'cancel_newest';
const TERMS_OF = {
  limit: {
    buy: packTerms({ side: 'buy', type: 'limit', timeInForce: 'gtc', stp }),
    sell: packTerms({ side: 'sell', type: 'limit', timeInForce: 'gtc', stp }),
  },
  market: {
    buy: packTerms({ side: 'buy', type: 'market', timeInForce: 'ioc', stp }),
    sell: packTerms({ side: 'sell', type: 'market', timeInForce: 'ioc', stp }),
  },
} as const;
