import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  canonicalJson,
  CommandHandler,
  type CommandContext,
  type Handled,
} from '@specie/event-sourcing';
import { Forbidden, hasRole, type CallerIdentity } from '@specie/nest-platform';
import { ReservationAccessQuery } from '../reservation/reservation-access.query.js';
import { reservationStream } from '../reservation/reservation.state.js';
import type { UsageRecord } from './usage.commands.js';
import { chargeUsage, type ChargeUsageRejection } from './usage.decider.js';
import { usageIdOf } from './usage-names.js';
import { UsageQuery } from './usage.query.js';

/** What a record says, as the agent sent it. */
export type ReportedUsage = Omit<UsageRecord, 'usageId' | 'evidenceHash'>;

/**
 * Charges a batch of usage records in one append: an event on the stream of each new record and one slice on the
 * reservation. Every record has its own stream, so loading them one by one would cost a read each; the table of known
 * records answers for all of them in one query, and the append catches what a race hides from it.
 */
@Injectable()
export class ChargeUsageHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(ReservationAccessQuery) private readonly access: ReservationAccessQuery,
    @Inject(UsageQuery) private readonly usage: UsageQuery,
  ) {}

  /** @throws NotFound, Forbidden, Unavailable unless the caller reports for the provider of the series */
  async handle(
    command: {
      readonly reservationId: string;
      readonly records: readonly ReportedUsage[];
      readonly backfill: boolean;
    },
    context: CommandContext,
    caller: CallerIdentity,
  ): Promise<Handled<ChargeUsageRejection>> {
    const { reservationId, backfill } = command;
    if (backfill && !hasRole(caller, 'provider-admin')) {
      throw new Forbidden('backfill_not_permitted');
    }
    const providerId = await this.access.requireProvider(reservationId, caller, context.now);
    const records = command.records.map((record) => named(record, { reservationId, providerId }));
    const data = { reservationId, providerId, captureId: context.commandId, records, backfill };
    const reservation = reservationStream(reservationId);
    return this.commands.handleMany({
      streams: { reservation },
      facts: () => this.usage.charged(providerId, records),
      // Another instance was faster with one of the records.
      retriedConstraints: 'all',
      decide: (states, charged) =>
        chargeUsage({ data: { ...data, charged }, metadata: context }, states.reservation),
      context,
      answer: (versions, events) => {
        const counted = events.filter(
          ({ event }) => event.type === 'metering.usage-charged',
        ).length;
        const streamVersion = versions.get(reservation.streamId) ?? 0;
        const duplicates = records.length - counted;
        return { id: reservationId, streamVersion, counted, duplicates };
      },
    });
  }
}

/** Names the record and hashes what it says; two spellings of one instant are one content. */
function named(
  reported: ReportedUsage,
  { reservationId, providerId }: { readonly reservationId: string; readonly providerId: string },
): UsageRecord {
  const record = { ...reported, startedAt: new Date(reported.startedAt).toISOString() };
  const evidenceHash = hash('sha256', canonicalJson({ reservationId, ...record }));
  return { ...record, usageId: usageIdOf(providerId, record), evidenceHash };
}
