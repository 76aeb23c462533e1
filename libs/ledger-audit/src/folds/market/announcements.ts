import type { EventOf, Venue } from './venue.js';

interface TradePoint {
  readonly atMs: number;
  readonly number: number;
  readonly lots: bigint;
  readonly notional: bigint;
}

interface Published {
  readonly windowEndsMs: number;
  readonly priceTicks: number;
}

const minuteMs = 60_000;
/** No window is longer than a week; events of one log may be a little out of order. */
const keptMs = 8 * 86_400_000;

/** What the market announces about its books: reference prices, which must follow from the trades, and calendars. */
export class Announcements {
  /** By series, in the order of the log. */
  private readonly trades = new Map<string, TradePoint[]>();
  private readonly references = new Map<string, Published>();
  private readonly calendarVersions = new Map<string, number>();

  constructor(private readonly venue: Venue) {}

  noteTrade({ data, occurredAtMs }: EventOf<'market.trade-executed'>): void {
    const trades = this.trades.get(data.seriesId) ?? [];
    const [lots, notional] = [BigInt(data.quantityLots), BigInt(data.notional)];
    trades.push({ atMs: occurredAtMs, number: data.tradeNumber, lots, notional });
    this.trades.set(data.seriesId, trades);
  }

  /** S4: the price is the average of the trades of its window, or the last one where they are too few. */
  publishReference(event: EventOf<'market.reference-price-published'>): void {
    const { data } = event;
    const before = this.references.get(data.seriesId);
    const [startsMs, endsMs] = [data.windowStartsAt, data.windowEndsAt].map((at) => Date.parse(at));
    if (startsMs === undefined || endsMs === undefined) return;
    const isOnMinutes = startsMs % minuteMs === 0 && endsMs % minuteMs === 0 && startsMs < endsMs;
    if (!isOnMinutes || endsMs <= (before?.windowEndsMs ?? 0)) {
      this.venue.flag(
        'S9',
        event,
        'the window of the reference price does not follow the last one',
      );
    }
    const window = (this.trades.get(data.seriesId) ?? []).filter(
      ({ atMs, number }) => atMs >= startsMs && atMs < endsMs && number <= data.throughTradeNumber,
    );
    const lots = window.reduce((sum, trade) => sum + trade.lots, 0n);
    const notional = window.reduce((sum, trade) => sum + trade.notional, 0n);
    const isSum =
      data.tradeCount === window.length &&
      BigInt(data.volumeLots) === lots &&
      BigInt(data.notional) === notional;
    if (!isSum) {
      const traded = `${window.length} trades of ${lots} lots for ${notional}`;
      this.venue.flag('S4', event, `the window of the reference price has ${traded}`);
    }
    const isEnough = window.length >= data.minimumTrades && lots > 0n;
    const expected = data.stale
      ? before?.priceTicks
      : lots > 0n
        ? divideHalfEven(notional, lots)
        : undefined;
    if (isEnough === data.stale || data.priceTicks !== expected) {
      const price = expected === undefined ? 'none' : `${expected} ticks`;
      this.venue.flag('S4', event, `the reference price of the window is ${price}`);
    }
    const kept = this.trades.get(data.seriesId)?.filter(({ atMs }) => atMs >= endsMs - keptMs);
    this.trades.set(data.seriesId, kept ?? []);
    this.references.set(data.seriesId, { windowEndsMs: endsMs, priceTicks: data.priceTicks });
  }

  /** S9: the calendars of a book are counted without gaps, and none takes effect before it is announced. */
  setCalendar(event: EventOf<'market.calendar-set'>): void {
    const { seriesId, calendarVersion, effectiveAt } = event.data;
    const before = this.calendarVersions.get(seriesId) ?? 0;
    if (calendarVersion !== before + 1) {
      this.venue.flag('S9', event, `calendar ${calendarVersion} follows calendar ${before}`);
    }
    if (Date.parse(effectiveAt) < event.occurredAtMs) {
      this.venue.flag('S9', event, 'the calendar takes effect before it is announced');
    }
    this.calendarVersions.set(seriesId, calendarVersion);
  }
}

/** The nearest whole number, and of two the even one. */
function divideHalfEven(value: bigint, divisor: bigint): number {
  const [whole, twice] = [value / divisor, (value % divisor) * 2n];
  const isUp = twice > divisor || (twice === divisor && whole % 2n === 1n);
  return Number(isUp ? whole + 1n : whole);
}
