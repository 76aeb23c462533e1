import { z } from 'zod';

const secondsMax = 35 * 86_400;

/** The service's own settings; see README.md. */
export const meteringConfig = z.object({
  /** How long after a reservation's end finished work may still be reported; pinned when it is requested. */
  USAGE_GRACE_SECONDS: z
    .string()
    .regex(/^\d{1,7}$/, `whole seconds from 0 to ${secondsMax}`)
    .default('3600')
    .transform(Number)
    .pipe(z.int().min(0).max(secondsMax, `whole seconds from 0 to ${secondsMax}`)),
});
export type MeteringConfig = z.output<typeof meteringConfig>;
