import { microMoney, microTokens } from '@specie/quantities';
import { pick, type RandomBelow } from '@specie/testing';
import type {
  OpenBook,
  OrderTerms,
  ShardCommand,
  TradingPhase,
} from '../src/shard/shard.commands.js';
import type { Venue } from '../src/shard/venue.js';

export const uuidOf = (kind: number, n: number): string =>
  `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
export const partyIds = Array.from({ length: 6 }, (_, n) => uuidOf(1, n));
export const seriesIds = [uuidOf(2, 1), uuidOf(2, 2)];
const phases: readonly TradingPhase[] = [
  'closed',
  'pre_open',
  'opening_auction',
  'continuous',
  'pause',
  'reopening_auction',
  'closing_auction',
  'halt',
  'cancel_only',
];

/** Seeded commands of every kind in small ranges, so that every feature meets every other. */
export class RandomCommands {
  private readonly random: RandomBelow;
  private nextId = 1;
  private nowMs = Date.parse('2026-03-02T09:00:00.000Z');

  constructor(random: RandomBelow) {
    this.random = random;
  }

  /** The instant that commands are made for; each that names one moves it on. */
  get now(): string {
    return new Date(this.nowMs).toISOString();
  }

  opening(): ShardCommand[] {
    return [
      ...seriesIds.map((seriesId) => this.book(seriesId)),
      ...partyIds.flatMap((partyId) => [
        this.deposit(partyId),
        ...seriesIds.map((seriesId) => this.credit(partyId, seriesId)),
      ]),
    ];
  }

  next(venue: Venue): ShardCommand {
    const partyId = this.some(partyIds);
    const seriesId = this.some(seriesIds);
    const phase = venue.phaseOf(seriesId);
    const matches = phase === 'continuous' || phase === 'limit_state';
    if (!matches && this.chance(10)) return this.phase(seriesId);
    const dice = this.random(1_000);
    if (dice < 620) return this.order(partyId, seriesId, venue);
    if (dice < 720) return this.cancel(partyId, venue);
    if (dice < 840) return this.replace(partyId, venue);
    if (dice < 850) {
      return {
        kind: 'mass-cancel',
        partyId,
        seriesId: this.chance(50) ? seriesId : undefined,
        reason: this.some(['mass_cancel', 'ineligible', 'disconnected'] as const),
      };
    }
    if (dice < 870) {
      const by = this.some(['party', 'operator'] as const);
      return { kind: 'set-kill-switch', partyId, engaged: this.chance(40), by };
    }
    if (dice < 880) {
      return { kind: 'set-account-limit', partyId, openOrdersMax: this.some([0, 0, 3, 9]) };
    }
    if (dice < 905) return this.phase(seriesId);
    if (dice < 920) {
      return {
        kind: 'set-bands',
        seriesId,
        staticLowTicks: this.some([0, 0, this.price()]),
        staticHighTicks: this.some([0, 0, this.price()]),
        dynamicPpm: this.some([0, 0, 50_000, 300_000]),
        referencePriceTicks: this.some([0, this.price()]),
      };
    }
    if (dice < 935) {
      return { kind: 'advance-time', at: this.instant(1 + this.random(5)) };
    }
    if (dice < 960) return this.deposit(partyId);
    if (dice < 975) return this.credit(partyId, seriesId);
    if (dice < 985) {
      const withdrawalId = this.id();
      const amount = microMoney(BigInt(this.random(400)));
      return { kind: 'withdraw-cash', withdrawalId, partyId, currency: 'USD', amount };
    }
    if (dice < 995) {
      const quantity = microTokens(BigInt(this.random(400_000)));
      return { kind: 'request-withdrawal', withdrawalId: this.id(), partyId, seriesId, quantity };
    }
    const pending = venue.allPending();
    const { partyId: owner, withdrawalId } =
      pending.length > 0 ? this.some(pending) : { partyId, withdrawalId: this.id() };
    return this.chance(50)
      ? { kind: 'complete-withdrawal', partyId: owner, withdrawalId }
      : { kind: 'revert-withdrawal', partyId: owner, withdrawalId, reason: 'party_ineligible' };
  }

  private order(partyId: string, seriesId: string, venue: Venue): ShardCommand {
    const orderKind = this.some([
      ...(['limit', 'limit', 'limit', 'limit', 'market', 'stop', 'stop_limit'] as const),
    ]);
    const timeInForce =
      orderKind === 'market'
        ? this.some(['IOC', 'IOC', 'FOK', 'GTC'] as const)
        : this.some(['GTC', 'GTC', 'GTC', 'DAY', 'GTD', 'IOC', 'FOK'] as const);
    const isStop = orderKind === 'stop' || orderKind === 'stop_limit';
    const isByAmount = orderKind === 'market' && this.chance(30);
    const side = this.some(['buy', 'sell'] as const);
    const partner =
      isStop && this.chance(30)
        ? [...venue.orders.all()].find((one) => one.partyId === partyId && one.side === side)
        : undefined;
    const partnerLeaves = partner && venue.core.order(partner.orderNumber)?.leavesQuantity;
    const hasPrice = orderKind === 'limit' || orderKind === 'stop_limit' || this.chance(30);
    const terms: OrderTerms = {
      seriesId: partner?.seriesId ?? seriesId,
      side,
      orderKind,
      timeInForce,
      priceTicks: hasPrice ? this.price() : 0,
      quantityLots: isByAmount ? 0 : (partnerLeaves ?? 1 + this.random(30)),
      ...(isByAmount ? { quoteAmount: 1 + this.random(2_000) } : {}),
      ...(orderKind === 'limit' && this.chance(25) ? { displayLots: 1 + this.random(6) } : {}),
      ...(isStop ? { stopPriceTicks: this.price() } : {}),
      ...(timeInForce === 'GTD' ? { expiresAt: this.instant(this.random(40) - 3) } : {}),
      ...(this.chance(60)
        ? {
            selfTradePrevention: this.some([
              ...(['cancel_oldest', 'cancel_both', 'decrement_and_cancel', 'none'] as const),
            ]),
          }
        : {}),
      ...(orderKind === 'limit' && this.chance(15)
        ? { postOnly: this.some(['reject', 'slide'] as const) }
        : {}),
      ...(partner ? { ocoOrderId: partner.orderId } : {}),
      ...(this.chance(20) ? { clientOrderId: `c-${this.random(40)}` } : {}),
    };
    return { kind: 'place-order', partyId, orderId: this.id(), ...this.spoilt(terms) };
  }

  /** Now and then a field that does not go with the others. */
  private spoilt(terms: OrderTerms): OrderTerms {
    if (!this.chance(5)) return terms;
    switch (this.random(5)) {
      case 0:
        return { ...terms, stopPriceTicks: this.some([this.price(), 1_048_575]) };
      case 1:
        return { ...terms, quantityLots: this.some([0, 2 ** 31 - 1]) };
      case 2:
        return { ...terms, displayLots: this.random(60) };
      case 3:
        return { ...terms, priceTicks: this.some([0, 1_048_575]) };
      default:
        return { ...terms, ocoOrderId: this.id() };
    }
  }

  private cancel(partyId: string, venue: Venue): ShardCommand {
    const order = this.openOrder(venue);
    return order
      ? { kind: 'cancel-order', partyId: order.partyId, orderId: order.orderId }
      : { kind: 'cancel-order', partyId, orderId: this.id() };
  }

  private replace(partyId: string, venue: Venue): ShardCommand {
    const order = this.openOrder(venue);
    if (!order) return { kind: 'cancel-order', partyId, orderId: this.id() };
    const view = venue.core.order(order.orderNumber);
    const quantity = view?.quantity ?? 1;
    const isPending = (view?.stopPrice ?? 0) > 0;
    return {
      ...{ kind: 'replace-order', partyId: order.partyId, orderId: order.orderId },
      priceTicks: this.chance(50) ? (view?.price ?? 0) : this.price(),
      quantityLots: this.some([
        quantity,
        Math.max(1, quantity - 1 - this.random(5)),
        1 + this.random(30),
      ]),
      ...(isPending || this.chance(5) ? { stopPriceTicks: this.price() } : {}),
    };
  }

  private openOrder(venue: Venue) {
    const orders = [...venue.orders.all()];
    return orders.length > 0 ? this.some(orders) : undefined;
  }

  private phase(seriesId: string): ShardCommand {
    const to = this.chance(55) ? 'continuous' : this.some(phases);
    return {
      kind: 'change-phase',
      seriesId,
      to,
      cause: this.some(['operator', 'calendar'] as const),
    };
  }

  private book(seriesId: string): OpenBook {
    const takerFeePpm = this.some([0, 2_000, 30_000]);
    return {
      kind: 'open-book',
      seriesId,
      currency: 'USD',
      makerFeePpm: this.some([0, 1_000, 0 - takerFeePpm]),
      takerFeePpm,
      auctionFeePpm: this.some([0, 1_500]),
      priceStepTicks: this.some([1, 1, 2]),
      minimumPriceTicks: 1,
      maximumPriceTicks: 60,
      lotStep: this.some([1, 1, 3]),
      minimumLots: 1,
      maximumLots: this.some([30, 2 ** 31 - 1]),
      minimumNotional: this.some([0, 0, 150]),
      maximumNotional: 2 ** 51 - 1,
      protectionTicks: this.some([0, 0, 4]),
      reduceKeepsPriority: this.chance(75),
      selfTradeAllowed: this.chance(75),
      referenceFollowsTrades: this.chance(60),
      phase: this.some(['continuous', 'continuous', 'pre_open']),
    };
  }

  private deposit(partyId: string): ShardCommand {
    const amount = microMoney(BigInt(1 + this.random(8_000)));
    return { kind: 'deposit-cash', depositId: this.id(), partyId, currency: 'USD', amount };
  }

  private credit(partyId: string, seriesId: string): ShardCommand {
    const quantity = microTokens(BigInt(1 + this.random(2_000_000)));
    return { kind: 'credit-tokens', escrowId: this.id(), partyId, seriesId, quantity };
  }

  private price(): number {
    return 20 + this.random(16);
  }

  private instant(secondsAhead: number): string {
    this.nowMs += 250;
    return new Date(this.nowMs + secondsAhead * 1_000).toISOString();
  }

  private id(): string {
    return uuidOf(4, this.nextId++);
  }

  private chance(percent: number): boolean {
    return this.random(100) < percent;
  }

  private some<T>(items: readonly T[]): T {
    return pick(items, this.random);
  }
}
