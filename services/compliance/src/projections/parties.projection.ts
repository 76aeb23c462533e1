import { eventCodec } from '@specie/contracts';
import { assertNever, type RecordedEvent } from '@specie/event-sourcing';
import type { AttestedRows, Projection } from '@specie/nest-platform';
import type { EntityManager } from 'typeorm';
import type { PartyEvent } from '../domain/party/party.decider.js';
import { PartyEntity, ScreeningEntity, type PartyRow } from './tables.js';

/** Parties and their screenings. Evidence is read from the stream: only the few who approve look at it. */
export const partiesProjection: Projection = {
  name: 'parties',
  apply: async (manager, events) => {
    for (const event of events) {
      if (event.type !== 'compliance.state-attested') {
        await apply(manager, event);
      }
    }
  },
};

async function apply(manager: EntityManager, recorded: RecordedEvent): Promise<void> {
  const event = eventCodec.decode(recorded) as PartyEvent;
  const { streamVersion, position } = recorded;
  const update = (change: Partial<PartyRow>): Promise<unknown> =>
    manager.update(PartyEntity, { partyId: event.data.partyId }, { ...change, streamVersion });
  switch (event.type) {
    case 'compliance.party-registered': {
      const none = {
        status: 'registered' as const,
        actions: [],
        accredited: false,
        validUntil: null,
        screenedListVersion: null,
      };
      await manager.insert(PartyEntity, { ...event.data, ...none, streamVersion });
      return;
    }
    case 'compliance.evidence-submitted':
      await update({});
      return;
    case 'compliance.screening-run': {
      const { screeningId, partyId, listVersion, bestScorePpm, candidateCount, outcome } =
        event.data;
      const alertReason = outcome === 'clear' ? null : (event.data.alertReason ?? 'name_match');
      const row = {
        screeningId,
        partyId,
        listVersion,
        bestScorePpm,
        candidateCount,
        verdict: outcome,
        alertReason,
        position,
      };
      await manager.update(ScreeningEntity, { partyId, isLatest: true }, { isLatest: false });
      await manager.insert(ScreeningEntity, { ...row, resolvedBy: null, isLatest: true });
      await update({ screenedListVersion: listVersion });
      return;
    }
    case 'compliance.alert-resolved': {
      const { screeningId, resolution, resolvedBy } = event.data;
      await manager.update(ScreeningEntity, { screeningId }, { verdict: resolution, resolvedBy });
      await update({});
      return;
    }
    case 'compliance.party-approved':
      await update({ status: 'approved' });
      return;
    case 'compliance.eligibility-published': {
      const { actions, accredited, validUntil } = event.data;
      await update({ actions, accredited, validUntil });
      return;
    }
    case 'compliance.party-frozen':
      await update({ status: 'frozen' });
      return;
    case 'compliance.party-unfrozen':
      // Back to what it was: only an approval ever published eligibility.
      await manager.query(
        `update parties set stream_version = $2,
           status = case when valid_until is null then 'registered' else 'approved' end
         where party_id = $1`,
        [event.data.partyId, streamVersion],
      );
      return;
    default:
      assertNever(event);
  }
}

/** The collections of docs/architecture.md, from this service's own read models. */
export const attested: readonly AttestedRows[] = [
  {
    name: 'parties',
    read: async (manager) =>
      (await manager.find(PartyEntity)).map(
        ({ partyId, kind, country, status, actions, accredited, validUntil }) => [
          partyId,
          { kind, country, status, actions, accredited, validUntil },
        ],
      ),
  },
];
