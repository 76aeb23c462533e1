import { Controller, Get, Inject } from '@nestjs/common';
import { Operation } from '@specie/nest-platform';
import { ListStatusQuery } from './list-status.query.js';
import { listResponse } from './sanctions-list.dto.js';

const list = {
  summary: 'Show the sanctions list in force',
  description: 'The hash and size of the list, and why files at hand are not in force.',
  roles: ['compliance-officer', 'auditor'],
  response: listResponse,
} as const;

/** The class has the name of the tag under which the API document lists its routes. */
@Controller()
export class CasesController {
  constructor(@Inject(ListStatusQuery) private readonly status: ListStatusQuery) {}

  @Get('sanctions-list')
  @Operation(list)
  sanctionsList() {
    return this.status.shown();
  }
}
