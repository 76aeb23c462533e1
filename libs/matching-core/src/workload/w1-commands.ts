import { CommandCode } from '../codes.js';
import { encodeCommand } from '../codec.js';
import { COMMAND_WIDTH, NEW_ORDER } from '../fields.js';
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

/** The operations one after the other in the binary form that `execute` takes, without allocating. */
export class W1Commands {
  private readonly accounts: Int32Array;
  private readonly limit = template('limit');
  private readonly market = template('market');
  private readonly cancel = new Float64Array(COMMAND_WIDTH);

  constructor(private readonly ops: Int32Array) {
    this.accounts = accountsOfW1(ops);
    this.cancel[0] = CommandCode.cancel;
  }

  get count(): number {
    return this.accounts.length;
  }

  /** Valid until the next call. */
  at(index: number): Float64Array {
    const { ops, cancel } = this;
    const at = index * W1_OP_WIDTH;
    const kind = ops[at] as number;
    const account = this.accounts[index] as number;
    const orderId = ops[at + 1] as number;
    if (kind === W1Kind.cancel) {
      cancel[1] = account;
      cancel[2] = orderId;
      return cancel;
    }
    const order = kind === W1Kind.limit ? this.limit : this.market;
    order[2] = account;
    order[3] = orderId;
    order[4] = ops[at + 2] as number;
    order[7] = ops[at + 3] as number;
    order[8] = ops[at + 4] as number;
    return order;
  }
}

/** W1's sides are numbered like the engine's: 0 buy, 1 sell. */
function template(type: 'limit' | 'market'): Float64Array {
  const order = new Float64Array(COMMAND_WIDTH);
  encodeCommand(
    {
      kind: 'new_order',
      book: 1,
      account: 1,
      orderId: 1,
      side: 'buy',
      type,
      timeInForce: type === 'market' ? 'ioc' : 'gtc',
      price: 0,
      quantity: 1,
      stp: 'cancel_newest',
    },
    order,
  );
  if (NEW_ORDER.account !== 2 || NEW_ORDER.quantity !== 8)
    throw new Error('the layout of new_order has changed');
  return order;
}
