import type { HoldCaptured, SeriesOpened, TokensMinted } from '@specie/contracts';
import { defineProjection } from '@specie/postgres-event-store';
import { seriesTable } from './series.table.js';

interface Changes {
  readonly opened: SeriesOpened['data'][];
  readonly minted: Map<string, bigint>;
  readonly burned: Map<string, bigint>;
}

export const seriesProjection = defineProjection<
  SeriesOpened | TokensMinted | HoldCaptured,
  Changes
>({
  name: 'series',
  changes: () => ({ opened: [], minted: new Map(), burned: new Map() }),
  events: {
    'issuance.series-opened': ({ opened }, { data }) => {
      opened.push(data);
    },
    'issuance.tokens-minted': ({ minted }, { data }) => {
      add(minted, data.seriesId, data.quantity);
    },
    'issuance.hold-captured': ({ burned }, { data }) => {
      add(burned, data.seriesId, data.quantity);
    },
  },
  write: async (manager, { opened, minted, burned }) => {
    await seriesTable.insert(
      manager,
      opened.map((data) => ({ ...data, minted: 0n, burned: 0n })),
    );
    await seriesTable.add(
      manager,
      [...minted].map(([seriesId, quantity]) => ({ seriesId, minted: quantity })),
    );
    await seriesTable.add(
      manager,
      [...burned].map(([seriesId, quantity]) => ({ seriesId, burned: quantity })),
    );
  },
});

function add(sums: Map<string, bigint>, key: string, quantity: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + quantity);
}
