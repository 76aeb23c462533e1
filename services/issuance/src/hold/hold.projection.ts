import type { HoldCaptured, HoldReleased, TokensHeld } from '@specie/contracts';
import { defineProjection } from '@specie/postgres-event-store';
import { holdTable } from './hold.table.js';

interface Sums {
  captured: bigint;
  released: bigint;
}

interface Changes {
  readonly opened: TokensHeld['data'][];
  readonly sums: Map<string, Sums>;
  readonly closed: Set<string>;
}

export const holdProjection = defineProjection<TokensHeld | HoldCaptured | HoldReleased, Changes>({
  name: 'holds',
  changes: () => ({ opened: [], sums: new Map(), closed: new Set() }),
  events: {
    'issuance.tokens-held': ({ opened }, { data }) => {
      opened.push(data);
    },
    'issuance.hold-captured': (changes, { data }) => {
      sumsOf(changes, data.holdId).captured += data.quantity;
    },
    'issuance.hold-released': (changes, { data }) => {
      sumsOf(changes, data.holdId).released += data.quantity;
      changes.closed.add(data.holdId);
    },
  },
  write: async (manager, { opened, sums, closed }) => {
    await holdTable.insert(
      manager,
      opened.map((data) => ({ ...data, captured: 0n, released: 0n, status: 'open' })),
    );
    await holdTable.add(
      manager,
      [...sums].map(([holdId, sum]) => ({ holdId, ...sum })),
    );
    await holdTable.set(
      manager,
      [...closed].map((holdId) => ({ holdId, status: 'closed' })),
    );
  },
});

function sumsOf({ sums }: Changes, holdId: string): Sums {
  const sum = sums.get(holdId) ?? { captured: 0n, released: 0n };
  sums.set(holdId, sum);
  return sum;
}
