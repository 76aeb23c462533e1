import type { WireData } from '../../wire-events.js';
import { valueOf } from '../fold.js';
import type { Order } from './order.js';

/** What a party has open, and how much it may. */
export class TradingParties {
  private readonly openOrders = new Map<string, Set<Order>>();
  private readonly openOrdersMax = new Map<string, number>();
  /** The party and who engaged its kill switch: either of the two keeps it from trading. */
  private readonly engaged = new Set<string>();

  openOf(partyId: string): ReadonlySet<Order> {
    return this.openOrders.get(partyId) ?? new Set();
  }

  open(order: Order): void {
    valueOf(this.openOrders, order.partyId, () => new Set<Order>()).add(order);
  }

  close(order: Order): void {
    this.openOrders.get(order.partyId)?.delete(order);
  }

  limit({ partyId, openOrdersMax }: WireData<'market.account-limit-set'>): void {
    this.openOrdersMax.set(partyId, openOrdersMax);
  }

  setKillSwitch({ partyId, engaged, by }: WireData<'market.kill-switch-set'>): void {
    if (engaged) {
      this.engaged.add(`${partyId} ${by}`);
    } else {
      this.engaged.delete(`${partyId} ${by}`);
    }
  }

  isKilled(partyId: string): boolean {
    return this.engaged.has(`${partyId} party`) || this.engaged.has(`${partyId} operator`);
  }

  /** Why a party may not have one more order. */
  *brokenRules(partyId: string): Generator<string> {
    if (this.isKilled(partyId)) {
      yield `party ${partyId} places an order while its kill switch is engaged`;
    }
    const max = this.openOrdersMax.get(partyId) ?? 0;
    if (max > 0 && this.openOf(partyId).size >= max) {
      yield `party ${partyId} has more than ${max} open orders`;
    }
  }
}
