import { createHash, randomUUID } from 'node:crypto';
import type { Json } from '../api-client.js';
import type { Issued } from './capacity.js';
import { postOnceKnown, type Stage } from './stage.js';

export interface Funded {
  readonly companyId: string;
  readonly dealId: string;
  /** The deal after its last tranche. */
  readonly deal: Json;
  readonly capTable: Json;
}

const trancheTokens = ['25000.000000', '25000.000000', '25000.000000', '25000.000000'];

/** 10 % of the startup for 100,000 tokens in four tranches, all delivered and accepted: the deal is completed. */
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
  await postOnceKnown(api, {
    actor: startup,
    service: 'deals',
    path: '/companies',
    body: { companyId, directorPartyIds: [director.partyId] },
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
  const path = `/deals/${dealId}`;
  const { termsHash } = await api.get(startup, 'deals', path);
  await api.post(provider, 'deals', `${path}/signatures`, { termsHash });
  await api.post(startup, 'deals', `${path}/signatures`, { termsHash });
  const resolutionHash = createHash('sha256').update(`resolution on ${dealId}`).digest('hex');
  await postOnceKnown(api, {
    actor: director,
    service: 'deals',
    path: `${path}/board-approvals`,
    body: { termsHash, resolutionHash },
  });
  await postOnceKnown(api, { actor: provider, service: 'deals', path: `${path}/activation` });
  say(`${startup.name}: 10 % for 100,000 tokens, signed by both sides and approved by the board`);

  for (const { trancheId } of tranches) {
    const tranche = `${path}/tranches/${trancheId}`;
    await api.post(provider, 'deals', `${tranche}/openings`);
    await api.until({ actor: startup, service: 'deals', path }, (state) =>
      (state['tranches'] as readonly Json[]).some(
        (row) => row['trancheId'] === trancheId && row['status'] === 'delivered',
      ),
    );
    await api.post(startup, 'deals', `${tranche}/acceptances`);
  }
  const completed = await api.get(startup, 'deals', path);
  if (completed['status'] !== 'completed') throw new Error('the deal is not completed');
  const capTable = await api.get(startup, 'deals', `${company}/cap-table`);
  say(
    `${tranches.length} tranches delivered and accepted; the deal is completed, its shares are on the cap table`,
  );
  return { companyId, dealId, deal: completed, capTable };
}
