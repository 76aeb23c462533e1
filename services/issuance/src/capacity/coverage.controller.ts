import { Controller, Get, Inject } from '@nestjs/common';
import { Input, Operation, type InputOf } from '@specie/nest-platform';
import { providerParams } from '../provider/provider.dto.js';
import { coverageResponse } from './coverage.dto.js';
import { CoverageQuery } from './coverage.query.js';

const coverage = {
  summary: 'Show the coverage of a provider',
  description:
    'The ladder of capacity and obligations from today on, the interval that is short if one is, and how much of each series could still be minted.',
  roles: 'authenticated',
  params: providerParams,
  response: coverageResponse,
  rejections: { provider_unregistered: 404 },
} as const;

/** The coverage of a provider has the tag of the providers. */
@Controller('providers')
export class ProvidersController {
  constructor(@Inject(CoverageQuery) private readonly coverageOf: CoverageQuery) {}

  @Get(':providerId/coverage')
  @Operation(coverage)
  coverage(@Input() { params }: InputOf<typeof coverage>) {
    return this.coverageOf.shown(params.providerId);
  }
}
