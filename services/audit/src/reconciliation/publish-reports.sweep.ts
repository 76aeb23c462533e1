import {
  Clock,
  derivedId,
  LOGGER,
  requireSettled,
  type Logger,
  type Sweep,
} from '@specie/nest-platform';
import { EvidenceQuery } from './evidence.query.js';
import { PublishReportHandler } from './publish-report.handler.js';

/**
 * Publishes the report of every reconciliation that all services have attested for or whose deadline is over. A sweep goes
 * on after a crash, and one instance rebuilds at a time.
 */
export const publishReports: Sweep = {
  name: 'reconciliations',
  everyMs: 1_000,
  isDue: (injector) => injector.get(EvidenceQuery, { strict: false }).isAwaited(),
  run: async (injector) => {
    const evidence = injector.get(EvidenceQuery, { strict: false });
    const publishReport = injector.get(PublishReportHandler, { strict: false });
    const clock = injector.get(Clock, { strict: false });
    const logger = injector.get<Logger>(LOGGER, { strict: false });
    for (const reconciliation of await evidence.open()) {
      const now = clock.now();
      if (await evidence.isComplete(reconciliation, now)) {
        const { requestId } = reconciliation;
        const commandId = derivedId('report', requestId);
        const causes = { correlationId: requestId, causationId: requestId };
        const context = { commandId, now, actor: 'service:audit', ...causes };
        requireSettled(await publishReport.handle({ requestId }, context));
        const { ok, eventCount, findingCount } = await evidence.reconciliation(requestId);
        logger.info({ requestId, ok, eventCount, findingCount }, 'reconciliation done');
      }
    }
  },
};
