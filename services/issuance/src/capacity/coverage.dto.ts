import { described, fields, named } from '@specie/contracts';
import { formatMicro } from '@specie/quantities';
import { z } from 'zod';
import type { Coverage, LadderStep } from '../coverage/coverage.js';
import { dayText } from '../coverage/days.js';
import { commitmentCountMax, seriesCountMax } from '../provider/provider.decider.js';
import { skuText } from '../series/series.dto.js';

/** Sums over days and pools can be beyond one quantity, and slack can be negative. */
const tokenSum = z
  .string()
  .max(64)
  .regex(/^-?\d+\.\d{6}$/)
  .meta({ description: 'In tokens, as a decimal string.' });

export const coverageResponse = z.strictObject({
  providerId: named.providerId,
  asOfOn: described(fields.day, 'The day for which it is computed; earlier ones do not count.'),
  covered: z.boolean().meta({ description: 'Whether every interval of days is covered.' }),
  shortfall: z
    .strictObject({
      fromOn: named.fromOn,
      toOn: named.toOn,
      skus: z.array(skuText).max(32).meta({ description: 'The GPU models that are short.' }),
      seriesIds: z
        .array(fields.id)
        .max(seriesCountMax)
        .meta({ description: 'The series that are due then.' }),
      obligations: described(tokenSum, 'What is due in the interval.', '105200.000000'),
      capacity: described(tokenSum, 'What the attested capacity delivers then.', '100000.000000'),
    })
    .meta({ description: 'The interval that is short, if one is.' })
    .nullable(),
  ladder: z
    .array(
      z.strictObject({
        fromOn: named.fromOn,
        toOn: named.toOn,
        capacity: described(tokenSum, 'What the attested capacity delivers then.', '100000.000000'),
        due: described(tokenSum, 'What falls due at the end of the step.', '50000.000000'),
        cumulativeSlack: described(
          tokenSum,
          'Capacity less what is due, from today to the end of the step; below zero something is short.',
          '50000.000000',
        ),
      }),
    )
    .max(2 * (commitmentCountMax + seriesCountMax))
    .meta({ description: 'Capacity and what falls due, step by step from today.' }),
  mintable: z
    .array(
      z.strictObject({
        seriesId: named.seriesId,
        quantity: described(fields.tokenQuantity, 'The largest mint that would succeed now.'),
      }),
    )
    .max(seriesCountMax)
    .meta({ description: 'What could still be minted, series by series, each on its own.' }),
});

export function toShortfallResponse(
  coverage: Coverage,
): z.output<typeof coverageResponse>['shortfall'] {
  if (coverage.covered) return null;
  const { fromDay, toDay, pools, seriesIds, obligations, capacity } = coverage.shortfall;
  return {
    fromOn: dayText(fromDay),
    toOn: dayText(toDay),
    skus: [...pools],
    seriesIds: [...seriesIds],
    obligations: formatMicro(obligations),
    capacity: formatMicro(capacity),
  };
}

export function toLadderResponse(
  step: LadderStep,
): z.output<typeof coverageResponse>['ladder'][number] {
  return {
    fromOn: dayText(step.fromDay),
    toOn: dayText(step.toDay),
    capacity: formatMicro(step.capacity),
    due: formatMicro(step.due),
    cumulativeSlack: formatMicro(step.cumulativeSlack),
  };
}
