import { createHash } from 'node:crypto';
import type { Actor, Json } from '../api-client.js';
import { inParallel, type Stage } from './stage.js';

type Kind = 'person' | 'company' | 'fund' | 'provider';

const evidenceFor: Readonly<Record<Kind, readonly string[]>> = {
  person: ['identity', 'accreditation'],
  company: ['incorporation'],
  fund: ['incorporation', 'accreditation'],
  provider: ['incorporation'],
};
const threeYears = 3 * 365 * 86_400_000;

/** Registers, screens and approves every party; one name is on the sanctions list and is stopped. */
export async function onboard(stage: Stage): Promise<void> {
  const { cast, say } = stage;
  const parties: readonly (readonly [Actor, Kind])[] = [
    [cast.provider, 'provider'],
    ...cast.tenants.map(({ actor }) => [actor, 'company'] as const),
    [cast.director, 'person'],
    [cast.investors[0], 'fund'],
    [cast.investors[1], 'person'],
  ];
  await inParallel(parties, 8, ([actor, kind]) => admit(stage, actor, kind));
  say(`${parties.length} parties registered, screened and approved by a second person`);
}

async function admit({ api, cast, say }: Stage, actor: Actor, kind: Kind): Promise<void> {
  const { partyId } = actor;
  await api.post(cast.registrar, 'compliance', '/parties', {
    partyId,
    kind,
    country: 'SE',
    name: actor.name,
  });
  for (const evidence of evidenceFor[kind]) {
    await api.post(cast.registrar, 'compliance', `/parties/${partyId}/evidence`, {
      kind: evidence,
      documentHash: createHash('sha256').update(`${evidence} of ${partyId}`).digest('hex'),
      expiresAt: new Date(Date.now() + threeYears).toISOString(),
    });
  }
  await api.post(cast.registrar, 'compliance', `/parties/${partyId}/screenings`);
  const file = await api.get(cast.approver, 'compliance', `/parties/${partyId}/case`);
  const screening = file['screening'] as Json;
  if (screening['verdict'] === 'alert') {
    const path = `/parties/${partyId}/screenings/${String(screening['screeningId'])}/resolution`;
    await api.post(cast.approver, 'compliance', path, { resolution: 'false_positive' });
    const score = (Number(screening['bestScorePpm']) / 10_000).toFixed(0);
    say(
      `${actor.name} resembles a listed name by ${score} %; an officer decided it is somebody else`,
    );
  }
  await api.post(cast.approver, 'compliance', `/parties/${partyId}/approval`, {
    evidenceHash: file['evidenceHash'],
  });
}
