import type { AccountLimitSet, KillSwitchSet } from '@specie/contracts';
import { defineProjection } from '@specie/postgres-event-store';
import { In } from 'typeorm';
import { controlTable, type ControlRow } from './control.table.js';

interface Changes {
  readonly known: ReadonlySet<string>;
  readonly rows: Map<string, ControlRow>;
}

/** Kill switches and limits of parties. */
export const controlProjection = defineProjection<AccountLimitSet | KillSwitchSet, Changes>({
  name: 'controls',
  changes: async (manager, events) => {
    const partyIds = [...new Set(events.map(({ data }) => data.partyId))];
    const rows = await manager.findBy(controlTable.entity, { partyId: In(partyIds) });
    return {
      known: new Set(rows.map(({ partyId }) => partyId)),
      rows: new Map(rows.map((row) => [row.partyId, row])),
    };
  },
  events: {
    'market.kill-switch-set': ({ rows }, { data: { partyId, engaged, by } }) => {
      const change = by === 'party' ? { byParty: engaged } : { byOperator: engaged };
      rows.set(partyId, { ...rowOf(rows, partyId), ...change });
    },
    'market.account-limit-set': ({ rows }, { data: { partyId, openOrdersMax } }) => {
      rows.set(partyId, { ...rowOf(rows, partyId), openOrdersMax });
    },
  },
  write: async (manager, { known, rows }) => {
    const changed = [...rows.values()];
    await controlTable.insert(
      manager,
      changed.filter(({ partyId }) => !known.has(partyId)),
    );
    await controlTable.set(
      manager,
      changed.filter(({ partyId }) => known.has(partyId)),
    );
  },
});

function rowOf(rows: Changes['rows'], partyId: string): ControlRow {
  return rows.get(partyId) ?? { partyId, byParty: false, byOperator: false, openOrdersMax: 0 };
}
