import type { DataSource } from 'typeorm';

export interface BookSummary {
  readonly bestBidTicks: number | null;
  readonly bestAskTicks: number | null;
  readonly lastPriceTicks: number | null;
  readonly lastTradeNumber: number;
  readonly openOrders: number;
}

export async function bookSummary(dataSource: DataSource, seriesId: string): Promise<BookSummary> {
  const rows = await dataSource.query<
    {
      readonly best_bid: number | null;
      readonly best_ask: number | null;
      readonly last_price: number | null;
      readonly last_trade: string | null;
      readonly open_orders: string;
    }[]
  >(
    `select max(price_ticks) filter (where side = 'buy') as best_bid,
            min(price_ticks) filter (where side = 'sell') as best_ask,
            count(*) as open_orders,
            (select price_ticks from trades where series_id = $1 order by trade_number desc limit 1) as last_price,
            (select max(trade_number) from trades where series_id = $1) as last_trade
       from orders where series_id = $1 and status = 'open'`,
    [seriesId],
  );
  const row = rows[0];
  return {
    bestBidTicks: row?.best_bid ?? null,
    bestAskTicks: row?.best_ask ?? null,
    lastPriceTicks: row?.last_price ?? null,
    lastTradeNumber: Number(row?.last_trade ?? 0),
    openOrders: Number(row?.open_orders ?? 0),
  };
}

export interface DepthLevel {
  readonly priceTicks: number;
  readonly lots: number;
  readonly orders: number;
}

/** The best `levelCount` prices of both sides, best first, from one consistent read. */
export async function depthOf(
  dataSource: DataSource,
  seriesId: string,
  levelCount: number,
): Promise<{ readonly bids: readonly DepthLevel[]; readonly asks: readonly DepthLevel[] }> {
  const rows = await dataSource.query<
    {
      readonly side: 'buy' | 'sell';
      readonly price_ticks: number;
      readonly lots: string;
      readonly orders: string;
    }[]
  >(
    `select side, price_ticks, lots, orders from (
       select side, price_ticks, sum(leaves_lots) as lots, count(*) as orders,
              row_number() over (partition by side order by case side when 'buy' then -price_ticks else price_ticks end) as place
         from orders where series_id = $1 and status = 'open' group by side, price_ticks) levels
      where place <= $2 order by side, place`,
    [seriesId, levelCount],
  );
  const levelsOf = (side: 'buy' | 'sell'): readonly DepthLevel[] =>
    rows
      .filter((row) => row.side === side)
      .map((row) => ({
        priceTicks: row.price_ticks,
        lots: Number(row.lots),
        orders: Number(row.orders),
      }));
  return { bids: levelsOf('buy'), asks: levelsOf('sell') };
}
