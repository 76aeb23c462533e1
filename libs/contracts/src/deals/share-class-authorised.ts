import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { shareQuantity, id } from '../fields.js';

/** A class of shares and how many may exist. */
export const shareClassAuthorised = defineEvent({
  type: 'deals.share-class-authorised',
  schemaVersion: 1,
  data: z.object({
    companyId: id,
    classId: id,
    kind: z.enum(['common', 'preferred']),
    authorised: shareQuantity,
  }),
});
export type ShareClassAuthorised = EventOf<typeof shareClassAuthorised>;
