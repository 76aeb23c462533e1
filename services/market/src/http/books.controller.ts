import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Command,
  decodeCursor,
  Input,
  NotFound,
  Operation,
  pageFrom,
  pageQuery,
  writeResponse,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import { DataSource, LessThan, MoreThan } from 'typeorm';
import { BookEntity, TradeEntity, type BookRow } from '../projections/rows.js';
import { ShardWriter } from '../writer/shard-writer.js';
import { bookSummary, depthOf } from '../projections/book-state.query.js';
import {
  bookStateResponse,
  booksResponse,
  depthQuery,
  depthResponse,
  numberCursor,
  openBookRequest,
  seriesCursor,
  seriesParams,
  tapeResponse,
} from './market.dto.js';
import { openBookStatus } from './rejection-status.js';

const openInput = { body: openBookRequest };
const listInput = { query: pageQuery };
const bookInput = { params: seriesParams };
const depthInput = { params: seriesParams, query: depthQuery };
const tapeInput = { params: seriesParams, query: pageQuery };
const bookUnknown = { book_unknown: 404 };

@Controller('books')
export class BooksController {
  constructor(
    @Inject(ShardWriter) private readonly writer: ShardWriter,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  @Post()
  @Operation({
    summary: 'Open the order book of a series',
    description: 'With its fees and the sizes of orders it takes. The series must be transferable.',
    roles: ['market-operator'],
    ...openInput,
    response: writeResponse,
    rejections: openBookStatus,
  })
  async open(
    @Input() { body }: InputOf<typeof openInput>,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const handled = await this.writer.submit({
      command: { kind: 'open-book', ...body },
      context,
      answer: (_events, streamVersion) => ({ id: body.seriesId, streamVersion }),
    });
    return answerOf(handled, openBookStatus);
  }

  @Get()
  @Operation({
    summary: 'List the order books',
    description: 'In the order of the ids of their series.',
    roles: 'authenticated',
    ...listInput,
    response: booksResponse,
  })
  async list(@Input() { query }: InputOf<typeof listInput>) {
    const after = decodeCursor(query.cursor, seriesCursor)?.after;
    const rows = await this.dataSource.getRepository(BookEntity).find({
      ...(after === undefined ? {} : { where: { seriesId: MoreThan(after) } }),
      order: { seriesId: 'ASC' },
      take: query.limit + 1,
    });
    return pageFrom(rows, {
      limit: query.limit,
      toItem: toBook,
      after: ({ seriesId }) => ({ after: seriesId }),
    });
  }

  @Get(':seriesId')
  @Operation({
    summary: 'Show an order book',
    description: 'Its terms, best prices and last trade.',
    roles: 'authenticated',
    ...bookInput,
    response: bookStateResponse,
    rejections: bookUnknown,
  })
  async one(@Input() { params }: InputOf<typeof bookInput>) {
    const row = await this.book(params.seriesId);
    return { ...toBook(row), ...(await bookSummary(this.dataSource, params.seriesId)) };
  }

  @Get(':seriesId/depth')
  @Operation({
    summary: 'Show the depth of an order book by price (L2)',
    description: 'How much is open at each price, best prices first.',
    roles: 'authenticated',
    ...depthInput,
    response: depthResponse,
    rejections: bookUnknown,
  })
  async depth(@Input() { params, query }: InputOf<typeof depthInput>) {
    await this.book(params.seriesId);
    return { ...params, ...(await depthOf(this.dataSource, params.seriesId, query.levels)) };
  }

  @Get(':seriesId/trades')
  @Operation({
    summary: 'List the trades of a series, newest first',
    description: 'The public tape: what traded, never who.',
    roles: 'authenticated',
    ...tapeInput,
    response: tapeResponse,
    rejections: bookUnknown,
  })
  async tape(@Input() { params, query }: InputOf<typeof tapeInput>) {
    await this.book(params.seriesId);
    const before = decodeCursor(query.cursor, numberCursor)?.before;
    const rows = await this.dataSource.getRepository(TradeEntity).find({
      where: { ...params, ...(before === undefined ? {} : { tradeNumber: LessThan(before) }) },
      order: { tradeNumber: 'DESC' },
      take: query.limit + 1,
    });
    return pageFrom(rows, {
      limit: query.limit,
      toItem: ({ tradeNumber, takerSide, priceTicks, quantityLots, executedAt }) => ({
        tradeNumber,
        takerSide,
        priceTicks,
        quantityLots,
        executedAt: executedAt.toISOString(),
      }),
      after: ({ tradeNumber }) => ({ before: tradeNumber }),
    });
  }

  private async book(seriesId: string): Promise<BookRow> {
    const row = await this.dataSource.getRepository(BookEntity).findOneBy({ seriesId });
    if (!row) {
      throw new NotFound('book_unknown');
    }
    return row;
  }
}

function toBook(row: BookRow) {
  return {
    seriesId: row.seriesId,
    currency: row.currency,
    makerFeeBps: row.makerFeeBps,
    takerFeeBps: row.takerFeeBps,
    minimumLots: row.minimumLots,
    maximumLots: row.maximumLots,
    openedAt: row.openedAt.toISOString(),
  };
}
