import { assertNever } from '@specie/event-sourcing';
import type { OrderTerms, ShardCommand } from './shard.commands.js';
import type { ShardEvent } from './shard-events.js';
import type { OrderAccepted } from '@specie/contracts';

/**
 * The command that an event says was asked for; null for an event that only says what came of one, and for a refused
 * order, which changed nothing.
 */
export function askedBy(event: ShardEvent): ShardCommand | null {
  switch (event.type) {
    case 'market.book-opened':
      return { kind: 'open-book', ...event.data };
    case 'market.cash-deposited':
      return { kind: 'deposit-cash', ...event.data };
    case 'market.cash-withdrawn':
      return { kind: 'withdraw-cash', ...event.data };
    case 'market.tokens-deposited':
      return { kind: 'credit-tokens', ...event.data };
    case 'market.withdrawal-requested':
      return { kind: 'request-withdrawal', ...event.data };
    case 'market.withdrawal-completed':
      return { kind: 'complete-withdrawal', ...event.data };
    case 'market.withdrawal-reverted':
      return { kind: 'revert-withdrawal', ...event.data };
    case 'market.order-accepted': {
      const { orderId, partyId, askedPriceTicks, priceTicks } = event.data;
      const terms = { ...termsOf(event.data), priceTicks: askedPriceTicks ?? priceTicks };
      return { kind: 'place-order', orderId, partyId, ...terms };
    }
    case 'market.order-replaced': {
      const { orderId, partyId, priceTicks, quantityLots, stopPriceTicks } = event.data;
      const { askedPriceTicks, askedQuantityLots, askedStopPriceTicks } = event.data;
      return {
        ...{ kind: 'replace-order', orderId, partyId },
        priceTicks: askedPriceTicks ?? priceTicks,
        quantityLots: askedQuantityLots ?? quantityLots,
        stopPriceTicks: askedStopPriceTicks ?? stopPriceTicks,
      };
    }
    case 'market.order-cancelled': {
      const { orderId, partyId, reason } = event.data;
      // The others are what came of other commands; before there were mass cancels, each of these two was asked for.
      const isAsked = reason === 'requested' || reason === 'ineligible' || reason === 'kill_switch';
      return isAsked ? { kind: 'cancel-order', orderId, partyId } : null;
    }
    case 'market.orders-mass-cancelled': {
      const { partyId, seriesId, reason } = event.data;
      return { kind: 'mass-cancel', partyId, seriesId, reason };
    }
    case 'market.kill-switch-set':
      return { kind: 'set-kill-switch', ...event.data };
    case 'market.account-limit-set':
      return { kind: 'set-account-limit', ...event.data };
    case 'market.phase-changed': {
      const { seriesId, to, cause } = event.data;
      return cause === 'band' ? null : { kind: 'change-phase', seriesId, to, cause };
    }
    case 'market.bands-set':
      return { kind: 'set-bands', ...event.data };
    case 'market.time-advanced':
      return { kind: 'advance-time', at: event.data.at };
    case 'market.order-refused':
    case 'market.trade-executed':
    case 'market.order-restated':
    case 'market.order-triggered':
    case 'market.self-trade-prevented':
    case 'market.auction-uncrossed':
      return null;
    default:
      return assertNever(event);
  }
}

/** What an accepted order asked for. */
function termsOf({ kind, ...data }: OrderAccepted['data']): OrderTerms {
  return { ...data, orderKind: kind };
}
