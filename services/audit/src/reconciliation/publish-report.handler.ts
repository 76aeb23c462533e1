import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  canonicalJson,
  CommandHandler,
  type CommandContext,
  type Handled,
  type JsonValue,
  type SideRows,
} from '@specie/event-sourcing';
import { Clock } from '@specie/nest-platform';
import { EvidenceQuery } from './evidence.query.js';
import { Rebuilder } from './rebuilder.adapter.js';
import { publishReport, type PublishRejection } from './reconciliation.decider.js';
import { reconciliationStream } from './reconciliation.state.js';
import type { StoredReport } from './reconciliation.table.js';

/**
 * Rebuilds everything from the logs, compares it with what the services attested, and publishes the report. The report
 * commits with the event that has its hash: neither is ever there without the other.
 */
@Injectable()
export class PublishReportHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(EvidenceQuery) private readonly evidence: EvidenceQuery,
    @Inject(Rebuilder) private readonly rebuilder: Rebuilder,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async handle(
    { requestId }: { readonly requestId: string },
    context: CommandContext,
  ): Promise<Handled<PublishRejection>> {
    const report = await this.rebuilt(requestId);
    const reportHash = createHash('sha256')
      .update(canonicalJson(report as unknown as JsonValue))
      .digest('hex');
    const { ok, eventCount, findings } = report;
    const data = { requestId, ok, eventCount, findingCount: findings.length, reportHash };
    return this.commands.handle({
      ...reconciliationStream(requestId),
      decide: (state) => publishReport({ data }, state),
      // A rebuild takes its time; the report is of its end.
      context: { ...context, now: this.clock.now() },
      sideRows: [
        {
          table: 'reports',
          rows: [{ request_id: requestId, report: report as unknown as JsonValue }],
        },
        { table: 'verified_heads', rows: verifiedHeads(requestId, report) },
      ],
    });
  }

  private async rebuilt(requestId: string): Promise<StoredReport> {
    const { attestations, unattested, knownPositions, knownHeads } =
      await this.evidence.of(requestId);
    const startedAt = performance.now();
    const rebuilt = await this.rebuilder.rebuild(attestations, knownPositions, knownHeads);
    return {
      ...rebuilt,
      ok: rebuilt.ok && unattested.length === 0,
      unattested,
      milliseconds: Math.round(performance.now() - startedAt),
    };
  }
}

/** Where each log without a finding was found to stand: a later rebuild must find that again. */
function verifiedHeads(requestId: string, { services, findings }: StoredReport): SideRows['rows'] {
  return services
    .filter(({ service, position }) => {
      return position > 0 && !findings.some((finding) => finding.service === service);
    })
    .map(({ service, position, chainHash }) => ({
      service,
      position,
      chain_hash: chainHash,
      request_id: requestId,
    }));
}
