import {
  COMMAND_WIDTH,
  encodeCommand,
  EVENT_FIELDS,
  MatchingCore,
  NEW_ORDER,
  ORDER_WIDTH,
} from '@specie/matching-core';
import { W1_CONFIG } from '@specie/matching-core/workload';

/** Cost and memory of an engine that holds many orders: how both grow with the book. */

const ROUNDS = 200_000;
const LEVELS = 1_000;
const BEST_ASK = 60_000;
/** Where the maker's id stands among the events of an order that trades once: after `accepted`, in `trade`. */
const TAKEN_MAKER_ID =
  ORDER_WIDTH + EVENT_FIELDS.trade.findIndex((field) => field.name === 'makerOrderId') + 1;

/** The asset side of every order here: one seller with ample tokens, one buyer with ample cash. */
function engineFor(orderCapacity: number): MatchingCore {
  const engine = new MatchingCore({
    orderCapacity,
    accountCapacity: 2,
    bookCapacity: 1,
    ladderTicks: 2 ** 17,
    tradeHistory: 1_024,
  });
  engine.apply({ kind: 'configure_book', book: 1, config: W1_CONFIG });
  for (const account of [1, 2]) {
    engine.apply({ kind: 'configure_account', account, ownerGroup: account, openOrdersMax: 0 });
    engine.apply({ kind: 'deposit', account, asset: 0, amount: 10 ** 15 });
    engine.apply({ kind: 'deposit', account, asset: 1, amount: 10 ** 12 });
  }
  engine.apply({ kind: 'set_phase', book: 1, phase: 'continuous' });
  return engine;
}

interface Commands {
  readonly sell: Float64Array;
  readonly buy: Float64Array;
  readonly cancel: Float64Array;
}

function commands(): Commands {
  const order = {
    kind: 'new_order',
    book: 1,
    orderId: 1,
    type: 'limit',
    timeInForce: 'gtc',
    price: BEST_ASK,
    quantity: 1,
    stp: 'cancel_newest',
  } as const;
  const sell = new Float64Array(COMMAND_WIDTH);
  const buy = new Float64Array(COMMAND_WIDTH);
  const cancel = new Float64Array(COMMAND_WIDTH);
  encodeCommand({ ...order, account: 1, side: 'sell' }, sell);
  encodeCommand({ ...order, account: 2, side: 'buy', timeInForce: 'ioc' }, buy);
  encodeCommand({ kind: 'cancel', account: 1, orderId: 1 }, cancel);
  return { sell, buy, cancel };
}

/** Sells over 1,000 levels, or all at one price; returns the next order id. */
function rest(engine: MatchingCore, { sell }: Commands, count: number, deep: boolean): number {
  for (let i = 0; i < count; i++) {
    sell[NEW_ORDER.orderId] = i + 1;
    sell[NEW_ORDER.price] = BEST_ASK + (deep ? 0 : i % LEVELS);
    engine.execute(sell);
    engine.events.clear();
  }
  return count + 1;
}

/** One round: cancel a resting order picked at random, take the head of the best level, replace both. */
export function restingCost(count: number, deep: boolean): Readonly<Record<string, number>> {
  const engine = engineFor(count + 16);
  const used = commands();
  const { sell, buy, cancel } = used;
  let id = rest(engine, used, count, deep);
  const rounds = ROUNDS + ROUNDS / 4;
  const live = Int32Array.from({ length: count }, (_, i) => i + 1);
  const indexOf = new Int32Array(count + rounds * 3 + 1);
  for (let i = 0; i < count; i++) indexOf[i + 1] = i;
  const { events } = engine;
  let random = 12345;

  const add = (index: number): void => {
    live[index] = id;
    indexOf[id] = index;
    sell[NEW_ORDER.orderId] = id++;
    sell[NEW_ORDER.price] = BEST_ASK + (deep ? 0 : index % LEVELS);
    engine.execute(sell);
  };
  const round = (): void => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    const index = random % count;
    cancel[2] = live[index] as number;
    engine.execute(cancel);
    add(index);
    events.clear();
    buy[NEW_ORDER.orderId] = id++;
    buy[NEW_ORDER.price] = BEST_ASK + LEVELS;
    engine.execute(buy);
    const makerId = events.values[TAKEN_MAKER_ID] as number;
    add(indexOf[makerId] as number);
    events.clear();
  };
  for (let i = 0; i < ROUNDS / 4; i++) round();
  const start = performance.now();
  for (let i = 0; i < ROUNDS; i++) round();
  const nanoseconds = ((performance.now() - start) * 1e6) / (ROUNDS * 4);
  const { openOrders } = engine.stateView();
  if (openOrders !== count) throw new Error(`${openOrders} orders rest, not ${count}`);
  return { nanoseconds, openOrders };
}

/** Resident memory per order: the process before and after `count` orders rest on 1,000 levels. */
export function restingMemory(count: number): Readonly<Record<string, number>> {
  const engine = engineFor(count);
  const used = commands();
  rest(engine, used, 10_000, false);
  const before = process.memoryUsage();
  for (let i = 10_000; i < count; i++) {
    used.sell[NEW_ORDER.orderId] = i + 1;
    used.sell[NEW_ORDER.price] = BEST_ASK + (i % LEVELS);
    engine.execute(used.sell);
    engine.events.clear();
  }
  const after = process.memoryUsage();
  const residentPerOrder = (after.rss - before.rss) / (count - 10_000);
  return { residentPerOrder, allocatedPerOrder: engine.bytesPerOrder };
}
