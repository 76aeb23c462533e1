import { defineSubject } from '@specie/nest-platform';
import { AttestationsConsumer } from './attestations.consumer.js';
import { EvidenceQuery } from './evidence.query.js';
import { PublishReportHandler } from './publish-report.handler.js';
import { publishReports } from './publish-reports.sweep.js';
import { Rebuilder } from './rebuilder.adapter.js';
import { ReconciliationsController } from './reconciliation.controller.js';
import { reconciliationProjection } from './reconciliation.projection.js';
import { ReconciliationQuery } from './reconciliation.query.js';
import { reconciliationRefusals } from './reconciliation.refusals.js';
import {
  attestationTable,
  reconciliationTable,
  reportTable,
  verifiedHeadTable,
} from './reconciliation.table.js';
import { RequestReconciliationHandler } from './request-reconciliation.handler.js';

/** A comparison of what all services say they hold with what their logs say. */
export const reconciliationSubject = defineSubject({
  name: 'reconciliation',
  tables: [reconciliationTable, attestationTable, reportTable, verifiedHeadTable],
  projections: [reconciliationProjection],
  controllers: [ReconciliationsController],
  consumers: [AttestationsConsumer],
  providers: [
    RequestReconciliationHandler,
    PublishReportHandler,
    ReconciliationQuery,
    EvidenceQuery,
    Rebuilder,
  ],
  sweeps: [publishReports],
  refusals: reconciliationRefusals,
  tags: { reconciliations: 'Ask for a reconciliation, and read its report.' },
});
