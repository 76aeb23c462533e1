import { defineSubject } from '@specie/nest-platform';
import { BooksController } from './book.controller.js';
import { bookProjection } from './book.projection.js';
import { BookQuery } from './book.query.js';
import { bookRefusals } from './book.refusals.js';
import { bookTable } from './book.table.js';
import { OpenBookHandler } from './open-book.handler.js';

/** Order books, one for a series. */
export const bookSubject = defineSubject({
  name: 'book',
  tables: [bookTable],
  projections: [bookProjection],
  controllers: [BooksController],
  providers: [OpenBookHandler, BookQuery],
  refusals: bookRefusals,
  tags: { books: 'Order books: prices, depth, the public tape.' },
});
