import { createHash } from 'node:crypto';
import { evidenceManifest, type Party } from './party.state.js';

/** The hash of the evidence on file: what an approval names. */
export function evidenceHashOf(party: Party): string {
  const manifest = party.status === 'unknown' ? '' : evidenceManifest(party.evidence);
  return createHash('sha256').update(manifest).digest('hex');
}
