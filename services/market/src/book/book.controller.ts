import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Command,
  Input,
  Operation,
  pageQuery,
  writeResponse,
  type InputOf,
} from '@specie/nest-platform';
import { tapeResponse } from '../trade/trade.dto.js';
import {
  booksResponse,
  bookStateResponse,
  depthQuery,
  depthResponse,
  openBookRequest,
  seriesParams,
} from './book.dto.js';
import { BookQuery } from './book.query.js';
import { openBookStatus } from './book.refusals.js';
import { OpenBookHandler } from './open-book.handler.js';

const rejections = { book_unknown: 404 } as const;

const open = {
  summary: 'Open the order book of a series',
  description: 'With its fees and the sizes of orders it takes. The series must be transferable.',
  roles: ['market-operator'],
  body: openBookRequest,
  response: writeResponse,
  rejections: openBookStatus,
} as const;

const list = {
  summary: 'List the order books',
  description: 'In the order of the ids of their series.',
  roles: 'public',
  query: pageQuery,
  response: booksResponse,
} as const;

const one = {
  summary: 'Show an order book',
  description: 'Its terms, best prices and last trade.',
  roles: 'public',
  params: seriesParams,
  response: bookStateResponse,
  rejections,
} as const;

const depth = {
  summary: 'Show the depth of an order book by price (L2)',
  description: 'How much is open at each price, best prices first.',
  roles: 'public',
  params: seriesParams,
  query: depthQuery,
  response: depthResponse,
  rejections,
} as const;

const tape = {
  summary: 'List the trades of a series, newest first',
  description: 'The public tape: what traded, never who.',
  roles: 'public',
  params: seriesParams,
  query: pageQuery,
  response: tapeResponse,
  rejections,
} as const;

@Controller('books')
export class BooksController {
  constructor(
    @Inject(OpenBookHandler) private readonly openBook: OpenBookHandler,
    @Inject(BookQuery) private readonly books: BookQuery,
  ) {}

  @Post()
  @Operation(open)
  open(@Input() { body }: InputOf<typeof open>, @Command() context: CommandContext) {
    return answerOf(this.openBook.handle(body, context), openBookStatus);
  }

  @Get()
  @Operation(list)
  list(@Input() { query }: InputOf<typeof list>) {
    return this.books.list(query);
  }

  @Get(':seriesId')
  @Operation(one)
  one(@Input() { params }: InputOf<typeof one>) {
    return this.books.shown(params.seriesId);
  }

  @Get(':seriesId/depth')
  @Operation(depth)
  depth(@Input() { params, query }: InputOf<typeof depth>) {
    return this.books.depth(params.seriesId, query.levels);
  }

  @Get(':seriesId/trades')
  @Operation(tape)
  tape(@Input() { params, query }: InputOf<typeof tape>) {
    return this.books.tape(params.seriesId, query);
  }
}
