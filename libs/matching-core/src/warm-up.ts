import { CommandCode } from './codes.js';
import { COMMAND_WIDTH, NEW_ORDER } from './fields.js';
import { packTerms } from './terms.js';
import type { BookConfig, Command } from './types.js';

/** What playing needs of an engine. */
interface Playable {
  readonly events: { clear(): void };
  apply(command: Command): unknown;
  execute(source: Float64Array): void;
}

export const WARM_UP_LIMITS = {
  orderCapacity: 2 ** 16,
  accountCapacity: 2,
  bookCapacity: 1,
  ladderTicks: 4_096,
  tradeHistory: 64,
} as const;
const COMMANDS = 150_000;
const MIDDLE = 2_000;

const config: BookConfig = {
  tickSize: 1,
  lotSize: 1,
  minPrice: 1,
  maxPrice: WARM_UP_LIMITS.ladderTicks - 2,
  minQuantity: 1,
  maxQuantity: 1_000,
  minNotional: 0,
  maxNotional: 10_000_000,
  protectionTicks: 0,
  makerFeePpm: 1_000,
  takerFeePpm: 2_000,
  auctionFeePpm: 0,
  reduceKeepsPriority: true,
  selfTradeAllowed: false,
  referenceFollowsTrades: true,
};

const stp = 'cancel_newest';
const LIMIT = [
  packTerms({ side: 'buy', type: 'limit', timeInForce: 'gtc', stp }),
  packTerms({ side: 'sell', type: 'limit', timeInForce: 'gtc', stp }),
] as const;
const MARKET = [
  packTerms({ side: 'buy', type: 'market', timeInForce: 'ioc', stp }),
  packTerms({ side: 'sell', type: 'market', timeInForce: 'ioc', stp }),
] as const;

/** Made-up trading: about half new limit orders, a little less cancels, some of them too late, the rest takers. */
export function playWarmUp(engine: Playable): void {
  engine.apply({ kind: 'configure_book', book: 1, config });
  for (const account of [1, 2]) {
    engine.apply({ kind: 'configure_account', account, ownerGroup: account, openOrdersMax: 0 });
    engine.apply({ kind: 'deposit', account, asset: 0, amount: 10 ** 14 });
    engine.apply({ kind: 'deposit', account, asset: 1, amount: 10 ** 10 });
  }
  engine.apply({ kind: 'set_phase', book: 1, phase: 'continuous' });
  const command = new Float64Array(COMMAND_WIDTH);
  let state = 1;
  const below = (end: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), state | 1);
    return ((mixed ^ (mixed >>> 13)) >>> 0) % end;
  };
  let orderId = 0;
  for (let k = 0; k < COMMANDS; k++) {
    const kind = below(100);
    const side = below(2) as 0 | 1;
    if (kind < 45) {
      // The account of an order is that of its side, which is the parity of its id.
      const canceled = Math.max(1, orderId - below(400));
      command[0] = CommandCode.cancel;
      command[1] = 1 + (canceled & 1);
      command[2] = canceled;
    } else {
      orderId += 1 + ((orderId + 1 + side) & 1);
      const isMarket = kind >= 97;
      const distance = kind >= 94 ? -3 : 1 + below(40);
      command[0] = CommandCode.new_order;
      command[NEW_ORDER.book] = 1;
      command[NEW_ORDER.account] = 1 + side;
      command[NEW_ORDER.orderId] = orderId;
      command[NEW_ORDER.terms] = (isMarket ? MARKET : LIMIT)[side];
      const price = side === 0 ? MIDDLE - distance : MIDDLE + distance;
      command[NEW_ORDER.price] = isMarket ? 0 : price;
      command[NEW_ORDER.quantity] = 1 + below(100);
    }
    engine.execute(command);
    if (k % 64 === 0) engine.events.clear();
  }
}
