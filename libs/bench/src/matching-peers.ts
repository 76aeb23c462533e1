import { createRequire } from 'node:module';
import { W1Kind, W1Side, W1_OP_WIDTH } from '@specie/matching-core/workload';

/** The other engines on npm, each driven through its own documented calls. */
export interface Peer {
  readonly name: string;
  /**
   * Applies the operations from `first` up to `end`. With a tally it also counts the lots that incoming orders took, which
   * is for checking the results in an untimed run: reading them off costs some engines a few percent.
   */
  run(ops: Int32Array, first: number, end: number, tally?: { lots: number }): void;
}

interface NodeOrderBook {
  limit(order: { side: string; id: string; size: number; price: number }): NodeOrderResult;
  market(order: { side: string; size: number }): NodeOrderResult;
  cancel(id: string): unknown;
}
interface NodeOrderResult {
  readonly quantityLeft: number;
}
interface MatchEngineBook {
  add(id: number, side: unknown, price: number, quantity: number): MatchEngineResult;
  cancel(id: number): unknown;
}
interface MatchEngineResult {
  readonly order: { readonly leaveQuantity: { toString(): string } };
}
interface LimitBook {
  add(order: unknown): { readonly taker: { readonly sizeRemaining: string } };
  remove(id: string): unknown;
}

const require = createRequire(import.meta.url);

export function openMatchingPeer(name: string): Peer {
  switch (name) {
    case 'nodejs-order-book':
      return nodejsOrderBook();
    case 'orderbook-match-engine':
      return orderbookMatchEngine();
    case 'limit-order-book':
      return limitOrderBook();
    default:
      throw new Error(`no such peer: ${name}`);
  }
}

function nodejsOrderBook(): Peer {
  const { OrderBook } = require('nodejs-order-book') as { OrderBook: new () => NodeOrderBook };
  const book = new OrderBook();
  return {
    name: 'nodejs-order-book',
    run: (ops, first, end, tally) => {
      for (let at = first * W1_OP_WIDTH; at < end * W1_OP_WIDTH; at += W1_OP_WIDTH) {
        const id = String(ops[at + 1]);
        if (ops[at] === W1Kind.cancel) {
          book.cancel(id);
          continue;
        }
        const side = ops[at + 2] === W1Side.buy ? 'buy' : 'sell';
        const price = ops[at + 3] as number;
        const size = ops[at + 4] as number;
        const result =
          ops[at] === W1Kind.limit
            ? book.limit({ side, id, size, price })
            : book.market({ side, size });
        if (tally) tally.lots += size - result.quantityLeft;
      }
    },
  };
}

/** A market order is a limit at the end of the price range whose rest is cancelled at once. */
function orderbookMatchEngine(): Peer {
  const { Orderbook, TRADE_SIDE } = require('orderbook-match-engine') as {
    Orderbook: new () => MatchEngineBook;
    TRADE_SIDE: { readonly BID: unknown; readonly ASK: unknown };
  };
  const book = new Orderbook();
  return {
    name: 'orderbook-match-engine',
    run: (ops, first, end, tally) => {
      for (let at = first * W1_OP_WIDTH; at < end * W1_OP_WIDTH; at += W1_OP_WIDTH) {
        const id = ops[at + 1] as number;
        if (ops[at] === W1Kind.cancel) {
          book.cancel(id);
          continue;
        }
        const isBuy = ops[at + 2] === W1Side.buy;
        const isLimit = ops[at] === W1Kind.limit;
        const price = isLimit ? (ops[at + 3] as number) : isBuy ? 1_000_000_000 : 1;
        const side = isBuy ? TRADE_SIDE.BID : TRADE_SIDE.ASK;
        const size = ops[at + 4] as number;
        const { leaveQuantity } = book.add(id, side, price, size).order;
        if (tally) tally.lots += size - Number(leaveQuantity.toString());
        if (!isLimit && leaveQuantity.toString() !== '0') book.cancel(id);
      }
    },
  };
}

function limitOrderBook(): Peer {
  const { LimitOrderBook, LimitOrder, MarketOrder } = require('limit-order-book') as {
    LimitOrderBook: new (options: object) => LimitBook;
    LimitOrder: new (id: string, side: string, price: string, size: string) => unknown;
    MarketOrder: new (id: string, side: string, size: string) => unknown;
  };
  const book = new LimitOrderBook({ symbol: 'W1', priceStep: '1', sizeStep: '1' });
  return {
    name: 'limit-order-book',
    run: (ops, first, end, tally) => {
      for (let at = first * W1_OP_WIDTH; at < end * W1_OP_WIDTH; at += W1_OP_WIDTH) {
        const id = String(ops[at + 1]);
        if (ops[at] === W1Kind.cancel) {
          book.remove(id);
          continue;
        }
        const side = ops[at + 2] === W1Side.buy ? 'bid' : 'ask';
        const size = String(ops[at + 4]);
        const order =
          ops[at] === W1Kind.limit
            ? new LimitOrder(id, side, String(ops[at + 3]), size)
            : new MarketOrder(id, side, size);
        const { taker } = book.add(order);
        if (tally) tally.lots += Number(size) - Number(taker.sizeRemaining);
      }
    },
  };
}
