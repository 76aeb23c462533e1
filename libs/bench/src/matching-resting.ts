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
/** Of a book that is not deep. */
export const LEVELS = 1_000;
const DEPTH_ROUNDS = 20;
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

/** `count` sells over so many levels, with ids from `firstId` on; returns the next id. */
function rest(
  engine: MatchingCore,
  { sell }: Commands,
  count: number,
  levels: number,
  firstId = 1,
): number {
  for (let i = 0; i < count; i++) {
    sell[NEW_ORDER.orderId] = firstId + i;
    sell[NEW_ORDER.price] = BEST_ASK + (i % levels);
    engine.execute(sell);
    engine.events.clear();
  }
  return firstId + count;
}

/** One round: cancel a resting order picked at random, take the head of the best level, replace both. */
export function restingCost(count: number): Readonly<Record<string, number>> {
  const engine = engineFor(count + 16);
  const used = commands();
  const { sell, buy, cancel } = used;
  let id = rest(engine, used, count, LEVELS);
  const rounds = ROUNDS + ROUNDS / 4;
  const live = Int32Array.from({ length: count }, (_, i) => i + 1);
  const indexOf = new Int32Array(count + rounds * 3 + 1);
  for (let i = 0; i < count; i++) indexOf[i + 1] = i;
  const { events } = engine;
  const below = randomBelow();

  const add = (index: number): void => {
    live[index] = id;
    indexOf[id] = index;
    sell[NEW_ORDER.orderId] = id++;
    sell[NEW_ORDER.price] = BEST_ASK + (index % LEVELS);
    engine.execute(sell);
  };
  const round = (): void => {
    const index = below(count);
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

/**
 * Cost per command of a book on so many levels: `count` orders come, half of them are cancelled in random order, and a
 * taker after the other takes the head of the best level until none is left. So every order is touched equally often,
 * however the orders are spread over levels.
 */
export function depthCost(count: number, levels: number): Readonly<Record<string, number>> {
  const engine = engineFor(count + 16);
  const used = commands();
  const { buy, cancel } = used;
  const below = randomBelow();
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = below(i + 1);
    [order[i], order[other]] = [order[other] as number, order[i] as number];
  }
  buy[NEW_ORDER.price] = BEST_ASK + levels;
  let id = 1;
  const round = (): void => {
    const firstId = id;
    id = rest(engine, used, count, levels, firstId);
    for (let i = 0; i < count / 2; i++) {
      cancel[2] = firstId + (order[i] as number);
      engine.execute(cancel);
      engine.events.clear();
    }
    for (let i = count / 2; i < count; i++) {
      buy[NEW_ORDER.orderId] = id++;
      engine.execute(buy);
      engine.events.clear();
    }
  };
  round();
  const start = performance.now();
  for (let i = 0; i < DEPTH_ROUNDS; i++) round();
  const nanoseconds = ((performance.now() - start) * 1e6) / (DEPTH_ROUNDS * 2 * count);
  const { openOrders } = engine.stateView();
  if (openOrders !== 0) throw new Error(`${openOrders} orders are left`);
  return { nanoseconds, openOrders };
}

/** A number from 0 up to `end`, the same ones in every run. */
function randomBelow(): (end: number) => number {
  let state = 12345;
  return (end) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % end;
  };
}

/** Resident memory per order: the process before and after `count` orders rest on 1,000 levels. */
export function restingMemory(count: number): Readonly<Record<string, number>> {
  const engine = engineFor(count);
  const used = commands();
  rest(engine, used, 10_000, LEVELS);
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
