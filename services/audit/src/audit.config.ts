import { z } from 'zod';

/** The service's own settings; see README.md. */
export const auditConfig = z.object({
  /** Where a rebuild reads the logs; the transport of the platform when absent. */
  AUDIT_SOURCE: z.enum(['postgres', 'kafka']).optional(),
  /** How long the services get to attest their state. */
  AUDIT_ATTESTATION_DEADLINE_MS: z
    .string()
    .regex(/^\d{3,7}$/)
    .default('60000')
    .transform(Number),
  /** How long what one service hands to another may be in flight before the audit calls it lost. */
  AUDIT_IN_FLIGHT_MAX_MS: z
    .string()
    .regex(/^\d{4,9}$/)
    .default('600000')
    .transform(Number),
});
export type AuditConfig = z.output<typeof auditConfig>;
