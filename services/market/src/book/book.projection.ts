import type { BookOpened } from '@specie/contracts';
import { defineProjection } from '@specie/postgres-event-store';
import { bookTable } from './book.table.js';

type Opened = BookOpened['data'] & { readonly openedAt: string };

export const bookProjection = defineProjection<BookOpened, Opened[]>({
  name: 'books',
  changes: () => [],
  events: {
    'market.book-opened': (opened, { data, occurredAt }) => {
      opened.push({ ...data, openedAt: occurredAt });
    },
  },
  write: (manager, opened) => bookTable.insert(manager, opened),
});
