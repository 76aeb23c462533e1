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
    ({ status }) => status === 'published',
    300_000,
  );
  const report = reconciliation['report'] as Json | null;
  if (report === null) throw new Error('the audit published no report');
  say(
    `every service attested its state; ${String(report['eventCount'])} events rebuilt from the log and compared`,
  );
  return { report };
}
