import type { AlertResolved, ScreeningRun } from '@specie/contracts';
import { defineProjection } from '@specie/postgres-event-store';
import { Any } from 'typeorm';
import { screeningTable, type ScreeningRow } from './screening.table.js';

interface Changes {
  /** The last screenings before the batch, as its events leave them. */
  readonly known: readonly ScreeningRow[];
  readonly added: ScreeningRow[];
  /** Of each party its last screening. */
  readonly latest: Map<string, ScreeningRow>;
}

export const screeningProjection = defineProjection<ScreeningRun | AlertResolved, Changes>({
  name: 'screenings',
  changes: async (manager, events) => {
    const partyIds = [...new Set(events.map(({ data }) => data.partyId))];
    const known = await manager.findBy(screeningTable.entity, {
      partyId: Any(partyIds),
      isLatest: true,
    });
    return { known, added: [], latest: new Map(known.map((row) => [row.partyId, row])) };
  },
  events: {
    'compliance.screening-run': ({ added, latest }, { data, position }) => {
      const { screeningId, partyId, listVersion, bestScorePpm, candidateCount, outcome } = data;
      const before = latest.get(partyId);
      if (before) {
        before.isLatest = false;
      }
      const row: ScreeningRow = {
        ...{ screeningId, partyId, listVersion, bestScorePpm, candidateCount, position },
        verdict: outcome,
        alertReason: outcome === 'clear' ? null : (data.alertReason ?? 'name_match'),
        resolvedBy: null,
        isLatest: true,
      };
      latest.set(partyId, row);
      added.push(row);
    },
    'compliance.alert-resolved': ({ latest }, { data }) => {
      const { partyId, screeningId, resolution, resolvedBy } = data;
      const row = latest.get(partyId);
      if (row?.screeningId !== screeningId) {
        throw new Error(`the read model lacks the screening ${screeningId}`);
      }
      Object.assign(row, { verdict: resolution, resolvedBy });
    },
  },
  write: async (manager, { known, added }) => {
    await screeningTable.insert(manager, added);
    await screeningTable.set(manager, known);
  },
});
