import { developmentSecret, weakSecret, type Settings } from '@specie/nest-platform';
import { z } from 'zod';

/** The service's own settings; see README.md. */
export const complianceConfig = z.object({
  /** Folder with sdn.csv, alt.csv, add.csv and sdn_comments.csv as OFAC publishes them. */
  SANCTIONS_DIR: z.string().min(1).max(4_096).optional(),
  /**
   * Version (SHA-256 in hex) of a list that is taken although it has less than nine tenths of the rows of the one in
   * force, or was in force before.
   */
  SANCTIONS_ACCEPTED_VERSION: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** Key of the name hashes in the log, 32 bytes in base64; a fixed one in development. */
  NAME_HASH_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/)
    .default(developmentSecret('name hash').toString('base64')),
});
export type ComplianceConfig = z.output<typeof complianceConfig>;

/** What production refuses: names that can be guessed from their hashes, and made-up names in place of a list. */
export function weakComplianceSettings(settings: Settings): readonly string[] {
  return [
    ...weakSecret('NAME_HASH_KEY', settings),
    ...(settings['SANCTIONS_DIR'] === undefined
      ? ['SANCTIONS_DIR: missing; without it everybody is screened against made-up names']
      : []),
  ];
}
