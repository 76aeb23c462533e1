import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import { decodeCursor, NotFound, pageFrom, type PageQuery } from '@specie/nest-platform';
import { DataSource, MoreThan } from 'typeorm';
import type { z } from 'zod';
import type { tapeResponse } from '../trade/trade.dto.js';
import { TradeQuery } from '../trade/trade.query.js';
import {
  toBookResponse,
  type booksResponse,
  type bookStateResponse,
  type depthResponse,
} from './book.dto.js';
import { bookTable, type BookRow } from './book.table.js';

type DepthLevel = z.output<typeof depthResponse>['bids'][number];

@Injectable()
export class BookQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(TradeQuery) private readonly trades: TradeQuery,
  ) {}

  async list({ cursor, limit }: PageQuery): Promise<z.output<typeof booksResponse>> {
    const after = decodeCursor(cursor, fields.id);
    const rows = await this.dataSource.getRepository(bookTable.entity).find({
      ...(after === undefined ? {} : { where: { seriesId: MoreThan(after) } }),
      order: { seriesId: 'ASC' },
      take: limit + 1,
    });
    return pageFrom(rows, { limit, toItem: toBookResponse, after: (row) => row.seriesId });
  }

  /** @throws NotFound `book_unknown` */
  async one(seriesId: string): Promise<BookRow> {
    const row = await this.dataSource.getRepository(bookTable.entity).findOneBy({ seriesId });
    if (!row) {
      throw new NotFound('book_unknown');
    }
    return row;
  }

  /** The terms of a book, its best prices and its last trade. @throws NotFound `book_unknown` */
  async shown(seriesId: string): Promise<z.output<typeof bookStateResponse>> {
    const book = await this.one(seriesId);
    const rows = await this.dataSource.query<
      {
        readonly best_bid: number | null;
        readonly best_ask: number | null;
        readonly last_price: number | null;
        readonly last_trade: string | null;
        readonly open_orders: string;
      }[]
    >(
      `select max(price_ticks) filter (where side = 'buy' and price_ticks > 0 and not is_pending) as best_bid,
              min(price_ticks) filter (where side = 'sell' and price_ticks > 0 and not is_pending) as best_ask,
              count(*) as open_orders,
              (select price_ticks from trades where series_id = $1 order by trade_number desc limit 1) as last_price,
              (select max(trade_number) from trades where series_id = $1) as last_trade
         from orders where series_id = $1 and status = 'open'`,
      [seriesId],
    );
    const row = rows[0];
    return {
      ...toBookResponse(book),
      bestBidTicks: row?.best_bid ?? null,
      bestAskTicks: row?.best_ask ?? null,
      lastPriceTicks: row?.last_price ?? null,
      lastTradeNumber: Number(row?.last_trade ?? 0),
      openOrders: Number(row?.open_orders ?? 0),
    };
  }

  /** The best `levels` prices of both sides, best first, from one consistent read. @throws NotFound `book_unknown` */
  async depth(seriesId: string, levels: number): Promise<z.output<typeof depthResponse>> {
    await this.one(seriesId);
    const rows = await this.dataSource.query<
      {
        readonly side: 'buy' | 'sell';
        readonly price_ticks: number;
        readonly lots: string;
        readonly orders: string;
      }[]
    >(
      `select side, price_ticks, lots, orders from (
         select side, price_ticks, sum(visible_lots) as lots, count(*) as orders,
                row_number() over (partition by side order by case side when 'buy' then -price_ticks else price_ticks end) as place
           from orders where series_id = $1 and status = 'open' and price_ticks > 0 and not is_pending group by side, price_ticks) levels
        where place <= $2 order by side, place`,
      [seriesId, levels],
    );
    const levelsOf = (side: 'buy' | 'sell'): DepthLevel[] =>
      rows
        .filter((row) => row.side === side)
        .map((row) => ({
          priceTicks: row.price_ticks,
          lots: Number(row.lots),
          orders: Number(row.orders),
        }));
    return { seriesId, bids: levelsOf('buy'), asks: levelsOf('sell') };
  }

  /** What traded in a book, newest first, never who. @throws NotFound `book_unknown` */
  async tape(seriesId: string, page: PageQuery): Promise<z.output<typeof tapeResponse>> {
    await this.one(seriesId);
    return this.trades.tape(seriesId, page);
  }
}
