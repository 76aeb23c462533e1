import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamIds } from '@specie/contracts';
import { CommandHandler, type CommandContext } from '@specie/event-sourcing';
import {
  answerOf,
  Command,
  decodeCursor,
  derivedId,
  Input,
  NotFound,
  Operation,
  pageFrom,
  writeResponse,
  type InputOf,
  type WriteResponse,
} from '@specie/nest-platform';
import { DataSource, LessThan } from 'typeorm';
import {
  reconciliationAggregate,
  requestReconciliation,
} from '../domain/reconciliation/reconciliation.decider.js';
import {
  AttestationEntity,
  ReconciliationEntity,
  ReportEntity,
  type ReconciliationRow,
} from '../projections/tables.js';
import {
  reconciliationParams,
  reconciliationRequest,
  reconciliationResponse,
  reportCursor,
  reportsQuery,
  reportsResponse,
} from './audit.dto.js';
import { requestStatus } from './rejection-status.js';

const requestInput = { body: reconciliationRequest };
const oneInput = { params: reconciliationParams };
const listInput = { query: reportsQuery };

/** Reconciliations: asked for by an auditor, answered by a rebuild from the log. */
@Controller()
export class ReconciliationsController {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  @Post('reconciliations')
  @Operation({
    summary: 'Rebuild all state from the log and compare it with the services',
    description: 'The report follows; poll the reconciliation for it.',
    roles: ['auditor'],
    ...requestInput,
    response: writeResponse,
    status: 202,
    rejections: requestStatus,
  })
  async request(
    @Input() { body }: InputOf<typeof requestInput>,
    @Command() context: CommandContext,
  ): Promise<WriteResponse> {
    const requestId = body.requestId ?? derivedId('reconciliation', context.commandId);
    const handled = await this.commands.handle({
      streamId: streamIds.reconciliation(requestId),
      aggregate: reconciliationAggregate,
      decide: (state) => requestReconciliation({ data: { requestId }, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: requestId, streamVersion }),
    });
    return answerOf(handled, requestStatus);
  }

  @Get('reconciliations/:requestId')
  @Operation({
    summary: 'Show a reconciliation, with its full report once published',
    description: 'Which services have attested their state so far, and what was found.',
    roles: ['auditor', 'compliance-officer', 'market-operator'],
    ...oneInput,
    response: reconciliationResponse,
    rejections: { reconciliation_unknown: 404 },
  })
  async one(@Input() { params }: InputOf<typeof oneInput>) {
    const row = await this.dataSource.getRepository(ReconciliationEntity).findOneBy(params);
    if (row === null) {
      throw new NotFound('reconciliation_unknown');
    }
    const attestations = await this.dataSource.getRepository(AttestationEntity).findBy(params);
    const stored =
      row.status === 'published'
        ? await this.dataSource.getRepository(ReportEntity).findOneBy(params)
        : null;
    return {
      ...toSummary(row),
      attested: attestations.map(({ service }) => service).sort(),
      report: stored?.report ?? null,
      streamVersion: row.streamVersion,
    };
  }

  @Get('reports')
  @Operation({
    summary: 'List reconciliations, newest first',
    description: 'Each with its outcome; the report is with the reconciliation itself.',
    roles: ['auditor', 'compliance-officer', 'market-operator'],
    ...listInput,
    response: reportsResponse,
  })
  async reports(@Input() { query }: InputOf<typeof listInput>) {
    const before = decodeCursor(query.cursor, reportCursor);
    const rows = await this.dataSource.getRepository(ReconciliationEntity).find({
      where: before === undefined ? {} : { position: LessThan(before) },
      order: { position: 'DESC' },
      take: query.limit + 1,
    });
    return pageFrom(rows, {
      limit: query.limit,
      toItem: toSummary,
      after: ({ position }) => position,
    });
  }
}

function toSummary(row: ReconciliationRow) {
  const { requestId, status, requestedBy, requestedAt, ok, eventCount, findingCount, reportHash } =
    row;
  return {
    ...{ requestId, status, requestedBy, ok, eventCount, findingCount, reportHash },
    requestedAt: requestedAt.toISOString(),
  };
}
