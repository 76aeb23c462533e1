import { randomUUID } from 'node:crypto';
import type { Json } from '../api-client.js';
import type { Stage } from './stage.js';

export interface Audited {
  readonly report: Json;
}

/** An auditor asks every service to attest its state, rebuilds the ledger from the log and compares. */
export async function auditEverything({ api, cast, say }: Stage): Promise<Audited> {
  const requestId = randomUUID();
  await api.post(cast.auditor, 'audit', '/reconciliations', { requestId });
  const reconciliation = await api.until(
    { actor: cast.auditor, service: 'audit', path: `/reconciliations/${requestId}` },
    ({ status }) => status === 'published' || status === 'failed',
    300_000,
  );
  const report = (reconciliation['report'] ?? {}) as Json;
  say(
    `rebuilt from the log: ${reconciliation['status'] === 'published' ? 'report published' : 'FAILED'}`,
  );
  return { report };
}
