import type {
  AcceptedEvent,
  BookConfig,
  CancelReason,
  Command,
  MatchingEvent,
  NewOrder,
  Phase,
  ReplacedEvent,
  TimeInForce,
  TradeEvent,
} from '@specie/matching-core';
import { MatchingCore } from '@specie/matching-core';
import { formatMicro, microTokensPerLot } from '@specie/quantities';
import type { WireData, WireEvent } from '../src/wire-events.js';
import { id } from './story-parts.js';

/** A command of the market: one of the core, and who sets a kill switch. */
export type FloorCommand = Command & { readonly by?: 'party' | 'operator' };

export const seriesOf = (book: number): string => id(200 + book);
export const partyOf = (account: number): string => id(100 + account);
export const tokensOf = (lots: number): string => formatMicro(BigInt(lots) * microTokensPerLot);
const cashOf = (microDollars: number): string => formatMicro(BigInt(microDollars));
const instantOf = (epochMs: number): string => new Date(epochMs).toISOString();
export const orderIdOf = (orderId: number): string => id(1_000_000 + orderId);
export const tradeIdOf = (tradeNumber: number): string => id(3_000_000 + tradeNumber);

const timesInForce = {
  gtc: 'GTC',
  day: 'DAY',
  gtd: 'GTD',
  ioc: 'IOC',
  fok: 'FOK',
} as const satisfies Record<TimeInForce, string>;
const cancelReasons: Partial<Record<CancelReason, WireData<'market.order-cancelled'>['reason']>> = {
  ioc_remainder: 'immediate_or_cancel',
  fok_unfillable: 'fill_or_kill',
  self_trade: 'self_trade_prevented',
};
const callPhases: readonly Phase[] = [
  ...(['pre_open', 'pause', 'opening_auction', 'reopening_auction', 'closing_auction'] as const),
];

/** The matching core with a log: each command that it takes becomes the events of one append. */
export class MatchingLog {
  readonly core: MatchingCore;
  private readonly accepted = new Map<number, AcceptedEvent>();
  private readonly prices = new Map<number, number>();
  private readonly engaged = new Set<string>();
  private movementNumber = 0;

  constructor(ladderTicks: number) {
    this.core = new MatchingCore({ orderCapacity: 256, accountCapacity: 16, ladderTicks });
  }

  /** The events of the command; none of one that is refused or changes nothing. */
  perform({ by = 'party', ...command }: FloorCommand): readonly WireEvent[] {
    const phase = 'book' in command ? this.core.bookState(command.book)?.phase : undefined;
    const [first, ...rest] = this.core.apply(
      command.kind === 'kill_switch'
        ? { ...command, engaged: this.setSwitch(command.account, command.engaged, by) }
        : command,
    );
    if (first === undefined || first.type === 'rejected') {
      return [];
    }
    switch (command.kind) {
      case 'configure_book':
        return [opened(command.book, command.config)];
      case 'configure_account': {
        const { account, openOrdersMax } = command;
        return [
          { type: 'market.account-limit-set', data: { partyId: partyOf(account), openOrdersMax } },
        ];
      }
      case 'deposit':
      case 'withdraw':
        return this.moved(command);
      case 'new_order':
        return first.type === 'accepted'
          ? [this.acceptedAs(command, first, phase ?? 'closed'), ...this.tell(rest)]
          : [];
      case 'replace':
        return first.type === 'replaced'
          ? [this.replacedAs(command, first), ...this.tell(rest)]
          : [];
      case 'mass_cancel': {
        const all = [first, ...rest];
        const summary = all.at(-1);
        const orderCount = summary?.type === 'mass_canceled' ? summary.orders : 0;
        const scope = command.book === 0 ? {} : { seriesId: seriesOf(command.book) };
        const data = { partyId: partyOf(command.account), ...scope, orderCount };
        return [
          { type: 'market.orders-mass-cancelled', data: { ...data, reason: 'mass_cancel' } },
          ...this.tell(all),
        ];
      }
      case 'kill_switch': {
        const { account, engaged } = command;
        return [
          { type: 'market.kill-switch-set', data: { partyId: partyOf(account), engaged, by } },
          ...this.tell(rest),
        ];
      }
      case 'set_time':
        return [
          { type: 'market.time-advanced', data: { at: instantOf(command.time) } },
          ...this.tell(rest),
        ];
      case 'set_phase': {
        const from = phase ?? 'closed';
        const data = { seriesId: seriesOf(command.book), from, to: command.phase };
        const all = [first, ...rest];
        const own = all.find(({ type }) => type === 'phase');
        return [
          { type: 'market.phase-changed', data: { ...data, cause: 'calendar' } },
          ...this.tell(all.filter((event) => event !== own)),
        ];
      }
      case 'set_bands': {
        const { book, staticLow, staticHigh, dynamicPpm, referencePrice } = command;
        const ticks = { staticLowTicks: staticLow, staticHighTicks: staticHigh };
        const data = { seriesId: seriesOf(book), ...ticks, dynamicPpm };
        return [
          { type: 'market.bands-set', data: { ...data, referencePriceTicks: referencePrice } },
        ];
      }
      default:
        return this.tell([first, ...rest]);
    }
  }

  private setSwitch(account: number, engaged: boolean, by: string): boolean {
    this.engaged[engaged ? 'add' : 'delete'](`${account} ${by}`);
    return ['party', 'operator'].some((each) => this.engaged.has(`${account} ${each}`));
  }

  private moved(command: Extract<Command, { kind: 'deposit' | 'withdraw' }>): WireEvent[] {
    const { kind, account, asset, amount } = command;
    this.movementNumber += 1;
    const movementId = id(2_000_000 + this.movementNumber);
    const partyId = partyOf(account);
    if (asset === 0) {
      const data = { partyId, currency: 'USD' as const, amount: cashOf(amount) };
      return kind === 'deposit'
        ? [{ type: 'market.cash-deposited', data: { ...data, depositId: movementId } }]
        : [{ type: 'market.cash-withdrawn', data: { ...data, withdrawalId: movementId } }];
    }
    const data = { partyId, seriesId: seriesOf(asset), quantity: tokensOf(amount) };
    return kind === 'deposit'
      ? [{ type: 'market.tokens-deposited', data: { ...data, escrowId: movementId } }]
      : [{ type: 'market.withdrawal-requested', data: { ...data, withdrawalId: movementId } }];
  }

  private acceptedAs(asked: NewOrder, event: AcceptedEvent, phase: Phase): WireEvent {
    const { quantity, quoteAmount, displayQuantity, stopPrice, expiresAt, ocoPartner } = event;
    this.accepted.set(event.orderId, event);
    this.prices.set(event.orderId, event.price);
    const own = this.reservedPerLot(event.orderId, callPhases.includes(phase));
    const ofPartner = ocoPartner === 0 ? 0 : this.reservedPerLot(ocoPartner, false);
    return {
      type: 'market.order-accepted',
      data: {
        ...this.named(event.orderId),
        ...{ orderNumber: event.orderId, side: event.side, kind: event.orderType },
        timeInForce: timesInForce[event.timeInForce],
        ...{ priceTicks: event.price, quantityLots: quantity },
        ...(asked.price !== event.price && { askedPriceTicks: asked.price }),
        ...(quoteAmount > 0 && { quoteAmount }),
        ...(displayQuantity > 0 && { displayLots: displayQuantity }),
        ...(stopPrice > 0 && { stopPriceTicks: stopPrice }),
        ...(expiresAt > 0 && { expiresAt: instantOf(expiresAt) }),
        ...(event.postOnly !== 'no' && { postOnly: event.postOnly }),
        ...(ocoPartner > 0 && { ocoOrderId: orderIdOf(ocoPartner) }),
        selfTradePrevention: event.stp,
        reserved: Math.max(0, own - ofPartner) * quantity,
      },
    };
  }

  private replacedAs(asked: { readonly price: number }, event: ReplacedEvent): WireEvent {
    this.prices.set(event.orderId, event.price);
    const { quantity, cumQuantity, leavesQuantity, stopPrice, price, keptPriority } = event;
    return {
      type: 'market.order-replaced',
      data: {
        ...this.named(event.orderId),
        priceTicks: price,
        ...(stopPrice > 0 && { stopPriceTicks: stopPrice }),
        ...{ quantityLots: quantity, filledLots: cumQuantity, leavesLots: leavesQuantity },
        keptPriority,
        ...(asked.price !== price && { askedPriceTicks: asked.price }),
        reserved: this.reservedPerLot(event.orderId, false) * leavesQuantity,
      },
    };
  }

  private tell(events: readonly MatchingEvent[]): WireEvent[] {
    return events.flatMap((event) => this.told(event) ?? []);
  }

  private told(event: MatchingEvent): WireEvent | null {
    switch (event.type) {
      case 'trade':
        return this.tradedAs(event);
      case 'canceled': {
        const reason = cancelReasons[event.reason] ?? event.reason;
        const data = { ...this.named(event.orderId), leavesLots: event.canceledQuantity };
        return {
          type: 'market.order-cancelled',
          data: { ...data, reason: reason as WireData<'market.order-cancelled'>['reason'] },
        };
      }
      case 'restated': {
        const { quantity, cumQuantity, leavesQuantity } = event;
        const lots = { quantityLots: quantity, filledLots: cumQuantity };
        const data = { ...this.named(event.orderId), ...lots, leavesLots: leavesQuantity };
        return { type: 'market.order-restated', data };
      }
      case 'triggered': {
        const data = {
          ...this.named(event.orderId),
          ...{ stopPriceTicks: event.stopPrice, lastPriceTicks: event.lastPrice },
          leavesLots: event.leavesQuantity,
          reserved: this.reservedPerLot(event.orderId, false) * event.leavesQuantity,
        };
        return { type: 'market.order-triggered', data };
      }
      case 'prevented': {
        const { partyId } = this.named(event.takerOrderId);
        const data = {
          ...{ seriesId: seriesOf(event.book), partyId, mode: event.mode },
          makerOrderId: orderIdOf(event.makerOrderId),
          takerOrderId: orderIdOf(event.takerOrderId),
          ...{ priceTicks: event.price, quantityLots: event.quantity },
        };
        return { type: 'market.self-trade-prevented', data };
      }
      case 'phase': {
        const data = { seriesId: seriesOf(event.book), from: event.from, to: event.to };
        return { type: 'market.phase-changed', data: { ...data, cause: 'band' } };
      }
      case 'auction': {
        const lots = { volumeLots: event.volume, imbalanceLots: event.imbalance };
        const data = { seriesId: seriesOf(event.book), priceTicks: event.price, ...lots };
        return { type: 'market.auction-uncrossed', data };
      }
      default:
        return null;
    }
  }

  private tradedAs(event: TradeEvent): WireEvent {
    const takerSide = event.aggressorSide === 'none' ? 'buy' : event.aggressorSide;
    const parties = [partyOf(event.takerAccount), partyOf(event.makerAccount)];
    const fees = [event.takerFee, event.makerFee];
    // The first is the buyer.
    if (takerSide === 'sell') [parties, fees].forEach((both) => both.reverse());
    const [buyerPartyId = '', sellerPartyId = ''] = parties;
    const [buyerFee = 0, sellerFee = 0] = fees;
    return {
      type: 'market.trade-executed',
      data: {
        ...{ tradeId: tradeIdOf(event.tradeId), tradeNumber: event.tradeId },
        seriesId: seriesOf(event.book),
        makerOrderId: orderIdOf(event.makerOrderId),
        takerOrderId: orderIdOf(event.takerOrderId),
        ...{ takerSide, buyerPartyId, sellerPartyId },
        ...{ priceTicks: event.price, quantityLots: event.quantity },
        notional: event.price * event.quantity,
        ...{ buyerFee, sellerFee },
        ...(event.aggressorSide === 'none' && { execution: 'auction' as const }),
      },
    };
  }

  private named(orderNumber: number) {
    const order = this.accepted.get(orderNumber);
    if (order === undefined) throw new Error(`no order ${orderNumber}`);
    const seriesId = seriesOf(order.book);
    return { orderId: orderIdOf(orderNumber), seriesId, partyId: partyOf(order.account) };
  }

  /** Section 2.3 of the core's specification, in micro-dollars or micro-tokens. */
  private reservedPerLot(orderNumber: number, isCall: boolean): number {
    const order = this.accepted.get(orderNumber);
    const config = this.core.bookState(order?.book ?? 0)?.config;
    if (order === undefined || config === undefined) return 0;
    if (order.side === 'sell') return Number(microTokensPerLot);
    const waits = order.orderType === 'stop' || isCall;
    const price = this.prices.get(orderNumber) || (waits ? config.maxPrice : 0);
    const { makerFeePpm, takerFeePpm, auctionFeePpm } = config;
    const worstPpm = Math.max(makerFeePpm, takerFeePpm, auctionFeePpm, 0);
    return price + Math.ceil((price * worstPpm) / 1_000_000);
  }
}

function opened(book: number, config: BookConfig): WireEvent {
  const { makerFeePpm, takerFeePpm, auctionFeePpm, protectionTicks } = config;
  const { reduceKeepsPriority, selfTradeAllowed, referenceFollowsTrades } = config;
  return {
    type: 'market.book-opened',
    data: {
      ...{ seriesId: seriesOf(book), currency: 'USD', phase: 'closed', protectionTicks },
      ...{ makerFeePpm, takerFeePpm, auctionFeePpm },
      ...{ priceStepTicks: config.tickSize, lotStep: config.lotSize },
      ...{ minimumPriceTicks: config.minPrice, maximumPriceTicks: config.maxPrice },
      ...{ minimumLots: config.minQuantity, maximumLots: config.maxQuantity },
      ...{ minimumNotional: config.minNotional, maximumNotional: config.maxNotional },
      ...{ reduceKeepsPriority, selfTradeAllowed, referenceFollowsTrades },
    },
  };
}
