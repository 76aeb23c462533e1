import { serviceNames } from '@specie/contracts';
import { z } from 'zod';

const publicKey = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);

/** The service's own settings; see README.md. */
export const auditConfig = z.object({
  /** Where a rebuild reads the logs; the transport of the platform when absent. */
  AUDIT_SOURCE: z.enum(['postgres', 'kafka']).optional(),
  /** JSON: service -> Ed25519 public keys (32 bytes in base64) that may have signed its log. Development keys when absent. */
  AUDIT_PUBLIC_KEYS: z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'a JSON object from service to public keys' });
        return z.NEVER;
      }
    })
    .pipe(z.record(z.enum(serviceNames), z.array(publicKey).min(1).max(16)))
    .optional(),
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
