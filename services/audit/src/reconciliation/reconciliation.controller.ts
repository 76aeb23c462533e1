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
import {
  reconciliationParams,
  reconciliationRequest,
  reconciliationResponse,
  reportsResponse,
} from './reconciliation.dto.js';
import { ReconciliationQuery } from './reconciliation.query.js';
import { requestStatus } from './reconciliation.refusals.js';
import { RequestReconciliationHandler } from './request-reconciliation.handler.js';

const request = {
  summary: 'Rebuild all state from the log and compare it with the services',
  description: 'The report follows; poll the reconciliation for it.',
  roles: ['auditor'],
  body: reconciliationRequest,
  response: writeResponse,
  status: 202,
  rejections: requestStatus,
} as const;

const one = {
  summary: 'Show a reconciliation, with its full report once published',
  description: 'Which services have attested their state so far, and what was found.',
  roles: ['auditor', 'compliance-officer', 'market-operator'],
  params: reconciliationParams,
  response: reconciliationResponse,
  rejections: { reconciliation_unknown: 404 },
} as const;

const reports = {
  summary: 'List reconciliations, newest first',
  description: 'Each with its outcome; the report is with the reconciliation itself.',
  roles: ['auditor', 'compliance-officer', 'market-operator'],
  query: pageQuery,
  response: reportsResponse,
} as const;

@Controller()
export class ReconciliationsController {
  constructor(
    @Inject(RequestReconciliationHandler)
    private readonly requestReconciliation: RequestReconciliationHandler,
    @Inject(ReconciliationQuery) private readonly reconciliations: ReconciliationQuery,
  ) {}

  @Post('reconciliations')
  @Operation(request)
  request(@Input() { body }: InputOf<typeof request>, @Command() context: CommandContext) {
    return answerOf(this.requestReconciliation.handle(body, context), requestStatus);
  }

  @Get('reconciliations/:requestId')
  @Operation(one)
  one(@Input() { params }: InputOf<typeof one>) {
    return this.reconciliations.one(params.requestId);
  }

  @Get('reports')
  @Operation(reports)
  reports(@Input() { query }: InputOf<typeof reports>) {
    return this.reconciliations.list(query);
  }
}
