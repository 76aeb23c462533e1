import { Controller, Get, Inject } from '@nestjs/common';
import { Input, Operation, pageQuery, type InputOf } from '@specie/nest-platform';
import { ListStatusQuery } from './list-status.query.js';
import { listResponse, staleResponse } from './sanctions-list.dto.js';
import { StaleScreeningsQuery } from './stale-screenings.query.js';

const list = {
  summary: 'Show the sanctions list in force',
  description: 'The hash and size of the list, and why files at hand are not in force.',
  roles: ['compliance-officer', 'auditor'],
  response: listResponse,
} as const;

const stale = {
  summary: 'List the parties not screened against the list in force',
  description: 'They are screened within seconds of a new list; one that stays needs attention.',
  roles: ['compliance-officer', 'auditor'],
  query: pageQuery,
  response: staleResponse,
} as const;

/** The class has the name of the tag under which the API document lists its routes. */
@Controller()
export class CasesController {
  constructor(
    @Inject(ListStatusQuery) private readonly status: ListStatusQuery,
    @Inject(StaleScreeningsQuery) private readonly stale: StaleScreeningsQuery,
  ) {}

  @Get('sanctions-list')
  @Operation(list)
  sanctionsList() {
    return this.status.shown();
  }

  @Get('stale-screenings')
  @Operation(stale)
  staleScreenings(@Input() { query }: InputOf<typeof stale>) {
    return this.stale.list(query);
  }
}
