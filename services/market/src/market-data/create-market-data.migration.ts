import type { MigrationInterface, QueryRunner } from 'typeorm';
import { candleTable } from './candle.table.js';
import { referencePriceTable } from './reference-price.table.js';

/**
 * Candles, those of the trades so far included, and reference prices. It follows the definitions: once a released table
 * changes, its first form stands here as SQL.
 */
export class CreateMarketData1732200000000 implements MigrationInterface {
  readonly name = 'CreateMarketData1732200000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [candleTable, referencePriceTable]) {
      for (const statement of table.createSql()) {
        await runner.query(statement);
      }
    }
    for (const [length, milliseconds] of [
      ['1m', 60_000],
      ['1h', 3_600_000],
    ]) {
      await runner.query(
        `insert into candles
         select series_id, $1, date_bin($2, executed_at, 'epoch'),
                (array_agg(price_ticks order by trade_number))[1], max(price_ticks), min(price_ticks),
                (array_agg(price_ticks order by trade_number desc))[1],
                sum(quantity_lots), sum(notional), count(*), min(trade_number), max(trade_number)
           from trades group by 1, 3`,
        [length, `${milliseconds} milliseconds`],
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table candles, reference_prices');
  }
}
