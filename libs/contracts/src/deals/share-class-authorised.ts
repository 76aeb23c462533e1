import { z } from 'zod';
import { defineEvent, type EventOf } from '../define-event.js';
import { authorised, classId, companyId, shareClassKind } from '../named-fields.js';

export const shareClassAuthorised = defineEvent({
  description: 'A class of shares and how many may exist.',
  type: 'deals.share-class-authorised',
  schemaVersion: 1,
  data: z.object({
    companyId,
    classId,
    kind: shareClassKind,
    authorised,
  }),
});
export type ShareClassAuthorised = EventOf<typeof shareClassAuthorised>;
