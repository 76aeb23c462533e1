import { createHash, randomUUID } from 'node:crypto';
import type { Json } from '../api-client.js';
import type { Issued } from './capacity.js';
import { postOnceKnown, type Stage } from './stage.js';

export interface Funded {
  readonly companyId: string;
  readonly dealId: string;
  readonly capTable: Json;
}

const trancheTokens = ['25000.000000', '25000.000000', '25000.000000', '25000.000000'];
const acceptedTranches = 2;

/** 10 % of the startup for 100,000 tokens in four tranches; two are delivered and accepted. */
export async function fundTheStartup(
  { api, cast, say }: Stage,
  { seriesId }: Issued,
): Promise<Funded> {
  const { provider, startup, director } = cast;
  const [companyId, common, preferred, dealId] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    randomUUID(),
  ];
  await api.post(startup, 'deals', '/companies', {
    companyId,
    directorPartyIds: [director.partyId],
  });
  const company = `/companies/${companyId}`;
  await api.post(startup, 'deals', `${company}/share-classes`, {
    classId: common,
    kind: 'common',
    authorised: '20000000',
  });
  await api.post(startup, 'deals', `${company}/share-classes`, {
    classId: preferred,
    kind: 'preferred',
    authorised: '5000000',
  });
  await api.post(startup, 'deals', `${company}/founding-issuances`, {
    classId: common,
    holderPartyId: startup.partyId,
    shares: '10000000',
  });

  const tranches = trancheTokens.map((tokens) => ({ trancheId: randomUUID(), tokens }));
  const body = {
    dealId,
    companyId,
    seriesId,
    classId: preferred,
    equityPpm: 100_000,
    referencePrice: '2.500000',
    currency: 'USD',
    lockupEndsAt: null,
    tranches,
  };
  await postOnceKnown(api, { actor: provider, service: 'deals', path: '/deals', body });
  const deal = `/deals/${dealId}`;
  const { termsHash } = await api.get(startup, 'deals', deal);
  await api.post(provider, 'deals', `${deal}/signatures`, { termsHash });
  await api.post(startup, 'deals', `${deal}/signatures`, { termsHash });
  const resolutionHash = createHash('sha256').update(`resolution on ${dealId}`).digest('hex');
  await api.post(director, 'deals', `${deal}/board-approvals`, { termsHash, resolutionHash });
  await postOnceKnown(api, { actor: provider, service: 'deals', path: `${deal}/activation` });
  say(`${startup.name}: 10 % for 100,000 tokens, signed by both sides and approved by the board`);

  for (const { trancheId } of tranches.slice(0, acceptedTranches)) {
    const tranche = `${deal}/tranches/${trancheId}`;
    await api.post(provider, 'deals', `${tranche}/openings`);
    await api.until({ actor: startup, service: 'deals', path: deal }, (state) =>
      (state['tranches'] as readonly Json[]).some(
        (row) => row['trancheId'] === trancheId && row['status'] === 'delivered',
      ),
    );
    await api.post(startup, 'deals', `${tranche}/acceptances`);
  }
  const capTable = await api.get(startup, 'deals', `${company}/cap-table`);
  say(`${acceptedTranches} tranches delivered and accepted; their shares are on the cap table`);
  return { companyId, dealId, capTable };
}
