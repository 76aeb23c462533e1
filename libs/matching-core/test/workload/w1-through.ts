import { decodeCommand } from '../../src/index.js';
import type { EngineLimits, MatchingEngine } from '../../src/types.js';
import { openW1, W1Commands, W1_LIMITS, type W1 } from '../../src/workload/index.js';

/** Runs W1 through an engine's object interface and collects what it did. */
export function tradesThrough(create: (limits: EngineLimits) => MatchingEngine, w1: W1) {
  const engine = create(W1_LIMITS);
  for (const command of openW1()) engine.apply(command);
  const commands = new W1Commands(w1.ops);
  const trades: number[] = [];
  let rejected = 0;
  let notional = 0;
  let fees = 0;
  for (let index = 0; index < commands.count; index += 1)
    for (const event of engine.apply(decodeCommand(commands.at(index))))
      if (event.type === 'rejected') rejected += 1;
      else if (event.type === 'trade') {
        trades.push(event.takerOrderId, event.makerOrderId, event.price, event.quantity);
        notional += event.price * event.quantity;
        fees += event.makerFee + event.takerFee;
      }
  const view = engine.stateView();
  const book = view.books[0];
  return {
    trades: Int32Array.from(trades),
    checks: {
      rejected,
      notional,
      fees,
      venueCash: view.accounts[0]?.cash.available,
      openOrders: view.openOrders,
      bestBid: book?.bids.at(-1)?.price,
      bestAsk: book?.asks[0]?.price,
    },
  };
}
