import type { ShardEngine } from '../src/shard/shard-engine.js';

/** All that an engine knows, to compare. Refused commands count in the core and nowhere else. */
export function stateOf({ venue }: ShardEngine) {
  const orders = [...venue.orders.all()].sort((a, b) => a.orderNumber - b.orderNumber);
  return {
    core: { ...venue.core.stateView(), commandSequence: 0 },
    books: venue.books.all(),
    accounts: venue.accounts.all(),
    terms: [...venue.terms.values()],
    orders,
    remainders: venue.remainders.all(),
    pendingWithdrawals: venue.allPending(),
    killSwitches: [...venue.killSwitches],
    openOrdersMax: [...venue.openOrdersMax],
    cashTotal: venue.cashTotal,
  };
}
