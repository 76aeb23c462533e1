import { Controller, Inject, Post } from '@nestjs/common';
import type { CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Command,
  Input,
  Operation,
  writeResponse,
  type InputOf,
} from '@specie/nest-platform';
import { providerRejectionStatus } from '../provider/provider.refusals.js';
import { seriesParams } from '../series/series.dto.js';
import { MintTokensHandler } from './mint-tokens.handler.js';
import { mintRequest } from './mint.dto.js';

const rejections = { ...providerRejectionStatus, not_your_series: 403 } as const;

const mint = {
  summary: 'Mint tokens of a series within coverage, into the treasury of the provider',
  description:
    'Refused beyond attested capacity; the refusal names the interval of days and the largest mint that would succeed.',
  roles: ['provider-admin'],
  params: seriesParams,
  body: mintRequest,
  response: writeResponse,
  status: 201,
  rejections,
} as const;

/** Mints have the tag of the series. */
@Controller('series')
export class SeriesController {
  constructor(@Inject(MintTokensHandler) private readonly mintTokens: MintTokensHandler) {}

  @Post(':seriesId/mints')
  @Operation(mint)
  mint(@Input() { params, body }: InputOf<typeof mint>, @Command() context: CommandContext) {
    return answerOf(this.mintTokens.handle({ ...params, ...body }, context), rejections);
  }
}
