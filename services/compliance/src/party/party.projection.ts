import { defineProjection, type PlacedEvent } from '@specie/postgres-event-store';
import { Any } from 'typeorm';
import type { PartyEvent } from './party.state.js';
import { partyTable, type PartyRow } from './party.table.js';

interface Changes {
  /** The parties of the batch as its events leave them. */
  readonly rows: Map<string, PartyRow>;
  readonly registered: Set<string>;
}

/** Evidence is read from the stream: only the few who approve look at it. */
export const partyProjection = defineProjection<PartyEvent, Changes>({
  name: 'parties',
  changes: async (manager, events) => {
    const partyIds = [...new Set(events.map(({ data }) => data.partyId))];
    const rows = await manager.findBy(partyTable.entity, { partyId: Any(partyIds) });
    return { rows: new Map(rows.map((row) => [row.partyId, row])), registered: new Set() };
  },
  events: {
    'compliance.party-registered': ({ rows, registered }, { data, streamVersion }) => {
      const { partyId, kind, country, nameHash, registeredBy } = data;
      rows.set(partyId, {
        ...{ partyId, kind, country, nameHash, registeredBy, streamVersion },
        status: 'registered',
        actions: [],
        accredited: false,
        validUntil: null,
        screenedListVersion: null,
      });
      registered.add(partyId);
    },
    'compliance.evidence-submitted': rowOf,
    'compliance.screening-run': (changes, event) => {
      rowOf(changes, event).screenedListVersion = event.data.listVersion;
    },
    'compliance.alert-resolved': rowOf,
    'compliance.party-approved': (changes, event) => {
      rowOf(changes, event).status = 'approved';
    },
    'compliance.eligibility-published': (changes, event) => {
      const { actions, accredited, validUntil } = event.data;
      Object.assign(rowOf(changes, event), { actions, accredited, validUntil });
    },
    'compliance.party-frozen': (changes, event) => {
      rowOf(changes, event).status = 'frozen';
    },
    'compliance.party-unfrozen': (changes, event) => {
      const row = rowOf(changes, event);
      // Back to what it was: only an approval ever published eligibility.
      row.status = row.validUntil === null ? 'registered' : 'approved';
    },
  },
  write: async (manager, { rows, registered }) => {
    const isNew = ({ partyId }: PartyRow): boolean => registered.has(partyId);
    const all = [...rows.values()];
    await partyTable.insert(manager, all.filter(isNew));
    await partyTable.set(
      manager,
      all.filter((row) => !isNew(row)),
    );
  },
});

/** The row of the event's party, brought to the version of the event. */
function rowOf({ rows }: Changes, { data, streamVersion }: PlacedEvent<PartyEvent>): PartyRow {
  const row = rows.get(data.partyId);
  if (!row) {
    throw new Error(`the read model lacks the party ${data.partyId}`);
  }
  row.streamVersion = streamVersion;
  return row;
}
