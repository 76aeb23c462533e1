import { formatMicro, microTokensPerLot } from '@specie/quantities';
import type { Collection } from '../../digest.js';
import type { Invariants } from '../../invariants.js';
import type { EventFacts, WireData } from '../../wire-events.js';
import { valueOf } from '../fold.js';
import type { Order } from './order.js';

interface Balance {
  available: bigint;
  reserved: bigint;
}

/** Cash and tokens of trading accounts, and the fees of the venue. */
export class TradingBalances {
  private readonly cash = new Map<string, Balance>();
  private readonly tokens = new Map<string, Balance>();
  private readonly fees = new Map<string, bigint>();
  /** Balances that the last command changed, with the event that did. */
  private readonly touched = new Map<
    Balance,
    { readonly key: string; readonly event: EventFacts }
  >();
  /** Deposited less withdrawn, and what accounts and fees hold of it. */
  private cashIn = 0n;
  private cashHeld = 0n;

  constructor(private readonly invariants: Invariants) {}

  /** Cash comes in, or goes out (negative). */
  moveCash(event: EventFacts, partyId: string, amount: bigint): void {
    this.cashIn += amount;
    this.change(event, this.cash, partyId, amount, 0n);
  }

  moveTokens(event: EventFacts, account: string, quantity: bigint): void {
    this.change(event, this.tokens, account, quantity, 0n);
  }

  /** Sets more aside for an order, or gives it back (negative): cash of a buy, tokens of a sell. */
  reserve(event: EventFacts, order: Order, amount: bigint): void {
    const isBuy = order.side === 'buy';
    const key = isBuy ? order.partyId : tokenKey(order);
    this.change(event, isBuy ? this.cash : this.tokens, key, -amount, amount);
  }

  /** Delivery versus payment: what was set aside for the fill pays for it, and the rest is available again. */
  settle(
    event: EventFacts,
    trade: WireData<'market.trade-executed'>,
    { buy, sell }: { readonly buy: Order; readonly sell: Order },
  ): void {
    const lots = BigInt(trade.quantityLots);
    const quantity = lots * microTokensPerLot;
    const [notional, buyerFee, sellerFee] = [
      BigInt(trade.notional),
      BigInt(trade.buyerFee),
      BigInt(trade.sellerFee),
    ];
    const cashSet = buy.reservedPerLot * lots;
    const tokensSet = sell.reservedPerLot * lots;
    this.change(event, this.cash, buy.partyId, cashSet - notional - buyerFee, -cashSet);
    this.change(event, this.tokens, tokenKey(buy), quantity, 0n);
    this.change(event, this.tokens, tokenKey(sell), tokensSet - quantity, -tokensSet);
    this.change(event, this.cash, sell.partyId, notional - sellerFee, 0n);
    this.fees.set('USD', (this.fees.get('USD') ?? 0n) + buyerFee + sellerFee);
    this.cashHeld += buyerFee + sellerFee;
  }

  /** S4 and S7 of everything that the command changed. */
  closeCommand(): void {
    let last: EventFacts | null = null;
    for (const [{ available, reserved }, { key, event }] of this.touched) {
      last = event;
      if (available < 0n || reserved < 0n) {
        this.invariants.violatedAt('S7', event, `the trading balance ${key} is negative`);
      }
    }
    if (last !== null && this.cashHeld !== this.cashIn) {
      const amounts = `${formatMicro(this.cashIn)} deposited less withdrawn, ${formatMicro(this.cashHeld)} held and earned`;
      this.invariants.violatedAt('S4', last, amounts);
    }
    this.touched.clear();
  }

  collections(): readonly Collection[] {
    const balanceRows = (balances: ReadonlyMap<string, Balance>): Collection['rows'] =>
      [...balances].map(([key, { available, reserved }]) => [
        key,
        { available: formatMicro(available), reserved: formatMicro(reserved) },
      ]);
    return [
      { name: 'cash', rows: balanceRows(this.cash) },
      { name: 'tokens', rows: balanceRows(this.tokens) },
      {
        name: 'fees',
        rows: [...this.fees].map(([currency, earned]) => [
          currency,
          { earned: formatMicro(earned) },
        ]),
      },
    ];
  }

  tokensBySeries(): ReadonlyMap<string, bigint> {
    const totals = new Map<string, bigint>();
    for (const [key, { available, reserved }] of this.tokens) {
      const seriesId = key.slice(0, key.indexOf('/'));
      totals.set(seriesId, (totals.get(seriesId) ?? 0n) + available + reserved);
    }
    return totals;
  }

  private change(
    event: EventFacts,
    balances: Map<string, Balance>,
    key: string,
    available: bigint,
    reserved: bigint,
  ): void {
    const balance = valueOf(balances, key, () => ({ available: 0n, reserved: 0n }));
    balance.available += available;
    balance.reserved += reserved;
    this.cashHeld += balances === this.cash ? available + reserved : 0n;
    this.touched.set(balance, { key, event });
  }
}

export function tokenKey(data: { readonly seriesId: string; readonly partyId: string }): string {
  return `${data.seriesId}/${data.partyId}`;
}
