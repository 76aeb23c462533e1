import { Problem, type Violation } from '@specie/nest-platform';
import type { ChargeUsageRejection } from '../domain/reservation/index.js';
import type { IngestedUsage } from '../ingestion/usage-ingestion.js';
import { chargeUsageStatus } from './rejection-status.js';

/** More than these would only repeat themselves. */
const violationCountMax = 32;

const howToFix: Partial<Readonly<Record<ChargeUsageRejection, string>>> = {
  usage_record_conflict:
    'A record of this source and recordId has other content. Send it as it was, or under a new recordId.',
  usage_in_future:
    'It ends after now. Report work when it has finished, and check the clock of the agent.',
  usage_too_old: 'It began more than 35 days ago. A provider-admin may send it with backfill.',
  usage_before_reservation: 'It began before usageFromAt of the reservation.',
  usage_after_expiry:
    'It ends after expiresAt of the reservation. Report the part that lies before.',
  reservation_closed: 'The reservation has ended, and the time to report finished work is over.',
};

/** A batch that was refused: the rule, what to do, and which records broke it. */
export function usageProblem(
  { code, records, repeated }: Extract<IngestedUsage, { readonly outcome: 'rejected' }>,
  detail: string | undefined,
): Problem {
  const message = howToFix[code];
  const said = detail ?? message;
  return new Problem(chargeUsageStatus[code], code, {
    repeated,
    ...(said === undefined ? {} : { detail: said }),
    violations: records.slice(0, violationCountMax).map((index): Violation => ({
      path: `body.records.${index}`,
      code,
      message: message ?? code,
    })),
  });
}
