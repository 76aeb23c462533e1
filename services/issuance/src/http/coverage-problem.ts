import { Problem, type Violation } from '@specie/nest-platform';
import { formatMicro, type MicroTokens } from '@specie/quantities';
import { dayText, type Coverage, type ProviderRejection } from '../domain/provider/index.js';
import { providerRejectionStatus } from './rejection-status.js';

/**
 * The refusal of a mint or a withdrawal, with what binds: the days, the pools, and for a mint the largest quantity
 * that would be accepted now.
 */
export function coverageProblem(
  code: Extract<ProviderRejection, 'coverage_exceeded' | 'coverage_would_break'>,
  found: {
    readonly coverage: Coverage;
    readonly mintable?: MicroTokens;
    readonly repeated: boolean;
  },
): Problem {
  const path = code === 'coverage_exceeded' ? 'body.quantity' : 'params.commitmentId';
  const violations: Violation[] = [];
  if (!found.coverage.covered) {
    const { fromDay, toDay, pools, seriesIds, obligations, capacity } = found.coverage.shortfall;
    violations.push({
      path,
      code: 'binding_interval',
      message:
        `From ${dayText(fromDay)} to ${dayText(toDay)} the series ${seriesIds.join(', ')} would owe ` +
        `${formatMicro(obligations)} tokens; the attested capacity of ${pools.join(', ') || 'their SKUs'} is ` +
        `${formatMicro(capacity)}.`,
    });
  }
  if (found.mintable !== undefined) {
    violations.push({
      path,
      code: 'largest_mint',
      message: `The largest mint that would succeed is ${formatMicro(found.mintable)}.`,
    });
  }
  return new Problem(providerRejectionStatus[code], code, { violations, repeated: found.repeated });
}
