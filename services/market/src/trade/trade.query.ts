import { Inject, Injectable } from '@nestjs/common';
import {
  decodeCursor,
  pageFrom,
  Readers,
  type CallerIdentity,
  type PageQuery,
} from '@specie/nest-platform';
import { DataSource, LessThan, type FindOptionsWhere } from 'typeorm';
import type { z } from 'zod';
import {
  sequence,
  toTapeItem,
  toTradeResponse,
  type tapeResponse,
  type tradesQuery,
  type tradesResponse,
} from './trade.dto.js';
import { tradeTable, type TradeRow } from './trade.table.js';

const readers = new Readers(['market-operator', 'auditor']);

@Injectable()
export class TradeQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** What traded of a series, newest first, never who. */
  async tape(
    seriesId: string,
    { cursor, limit }: PageQuery,
  ): Promise<z.output<typeof tapeResponse>> {
    const rows = await this.newest({ ...before(cursor), seriesId }, limit);
    return pageFrom(rows, { limit, toItem: toTapeItem, after: (row) => row.tradeNumber });
  }

  /** The trades of a party, newest first. @throws Forbidden `not_your_account` */
  async list(
    { cursor, limit, seriesId, partyId: asked }: z.output<typeof tradesQuery>,
    caller: CallerIdentity,
  ): Promise<z.output<typeof tradesResponse>> {
    const partyId = readers.scope(caller, asked, 'not_your_account');
    const shared = { ...before(cursor), ...(seriesId === undefined ? {} : { seriesId }) };
    const where =
      partyId === undefined
        ? shared
        : [
            { ...shared, buyerPartyId: partyId },
            { ...shared, sellerPartyId: partyId },
          ];
    const rows = await this.newest(where, limit);
    return pageFrom(rows, { limit, toItem: toTradeResponse, after: (row) => row.tradeNumber });
  }

  private newest(
    where: FindOptionsWhere<TradeRow> | FindOptionsWhere<TradeRow>[],
    limit: number,
  ): Promise<TradeRow[]> {
    return this.dataSource
      .getRepository(tradeTable.entity)
      .find({ where, order: { tradeNumber: 'DESC' }, take: limit + 1 });
  }
}

function before(cursor: string | undefined): FindOptionsWhere<TradeRow> {
  const tradeNumber = decodeCursor(cursor, sequence);
  return tradeNumber === undefined ? {} : { tradeNumber: LessThan(tradeNumber) };
}
