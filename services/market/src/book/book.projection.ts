import type { BookOpened, PhaseChanged } from '@specie/contracts';
import { defineProjection } from '@specie/postgres-event-store';
import { bookTable, type BookRow } from './book.table.js';

interface Changes {
  readonly opened: (BookOpened['data'] & { readonly openedAt: string })[];
  readonly phases: Map<string, Pick<BookRow, 'seriesId' | 'phase'>>;
}

export const bookProjection = defineProjection<BookOpened | PhaseChanged, Changes>({
  name: 'books',
  changes: () => ({ opened: [], phases: new Map() }),
  events: {
    'market.book-opened': ({ opened }, { data, occurredAt }) => {
      opened.push({ ...data, openedAt: occurredAt });
    },
    'market.phase-changed': ({ phases }, { data: { seriesId, to } }) => {
      phases.set(seriesId, { seriesId, phase: to });
    },
  },
  write: async (manager, { opened, phases }) => {
    await bookTable.insert(manager, opened);
    await bookTable.set(manager, [...phases.values()]);
  },
});
