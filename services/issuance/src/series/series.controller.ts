import { Controller, Get, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Command,
  Input,
  Operation,
  writeResponse,
  type InputOf,
} from '@specie/nest-platform';
import { constraintRejections, providerRejectionStatus } from '../provider/provider.refusals.js';
import { OpenSeriesHandler } from './open-series.handler.js';
import {
  openSeriesRequest,
  seriesPage,
  seriesParams,
  seriesQuery,
  seriesResponse,
} from './series.dto.js';
import { SeriesQuery } from './series.query.js';

const rejections = { ...providerRejectionStatus, not_your_series: 403 } as const;

const open = {
  summary: 'Open a series of tokens',
  description:
    'A series has one delivery window, its SKUs, a region, and says whether it may be transferred and traded. Nothing of it changes later.',
  roles: ['provider-admin'],
  body: openSeriesRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

const list = {
  summary: 'List series',
  description: 'All, or those of one provider.',
  roles: 'authenticated',
  query: seriesQuery,
  response: seriesPage,
} as const;

const one = {
  summary: 'Show a series, with what was minted and burned',
  description: 'Its terms and how much of it is outstanding.',
  roles: 'authenticated',
  params: seriesParams,
  response: seriesResponse,
  rejections: { series_unknown: 404 },
} as const;

@Controller('series')
export class SeriesController {
  constructor(
    @Inject(OpenSeriesHandler) private readonly openSeries: OpenSeriesHandler,
    @Inject(SeriesQuery) private readonly series: SeriesQuery,
  ) {}

  @Post()
  @Operation(open)
  open(@Input() { body }: InputOf<typeof open>, @Command() context: CommandContext) {
    const handled = this.openSeries.handle(body, context);
    return answerOf(handled, rejections, { constraints: constraintRejections });
  }

  @Get()
  @Operation(list)
  list(@Input() { query }: InputOf<typeof list>) {
    return this.series.list(query);
  }

  @Get(':seriesId')
  @Operation(one)
  one(@Input() { params }: InputOf<typeof one>) {
    return this.series.shown(params.seriesId);
  }
}
