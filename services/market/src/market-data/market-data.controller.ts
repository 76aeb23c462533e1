import { Controller, Get, Inject } from '@nestjs/common';
import { Input, Operation, type InputOf } from '@specie/nest-platform';
import { CandleQuery } from './candle.query.js';
import {
  bookParams as params,
  candlesQuery,
  candlesResponse,
  referencePriceResponse,
  statisticsResponse,
} from './market-data.dto.js';
import { ReferencePriceQuery } from './reference-price.query.js';

const candles = {
  summary: 'List the candles of a series, oldest first',
  description:
    'Open, high, low and close of the trades of each interval. At most 1,000 intervals at a time; one without trades is left out unless `fill` is true.',
  roles: 'public',
  params,
  query: candlesQuery,
  response: candlesResponse,
  rejections: { book_unknown: 404, candle_window_empty: 422, candle_window_too_long: 422 },
} as const;

const statistics = {
  summary: 'Show what a series traded in 24 hours',
  description: 'The last 24 hours, from a whole minute on.',
  roles: 'public',
  params,
  response: statisticsResponse,
  rejections: { book_unknown: 404 },
} as const;

const referencePrice = {
  summary: 'Show the reference price of a series',
  description:
    'The average price by volume of its recent trades, as last published; `stale` where there have been too few since.',
  roles: 'public',
  params,
  response: referencePriceResponse,
  rejections: { book_unknown: 404, reference_price_unknown: 404 },
} as const;

@Controller('books')
export class BooksController {
  constructor(
    @Inject(CandleQuery) private readonly candlesOf: CandleQuery,
    @Inject(ReferencePriceQuery) private readonly referencePrices: ReferencePriceQuery,
  ) {}

  @Get(':seriesId/candles')
  @Operation(candles)
  candles(@Input() { params: { seriesId }, query }: InputOf<typeof candles>) {
    return this.candlesOf.candles(seriesId, query);
  }

  @Get(':seriesId/statistics')
  @Operation(statistics)
  statistics(@Input() { params: { seriesId } }: InputOf<typeof statistics>) {
    return this.candlesOf.statistics(seriesId);
  }

  @Get(':seriesId/reference-price')
  @Operation(referencePrice)
  referencePrice(@Input() { params: { seriesId } }: InputOf<typeof referencePrice>) {
    return this.referencePrices.shown(seriesId);
  }
}
