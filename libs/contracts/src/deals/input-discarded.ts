import { defineEvent } from '../define-event.js';
import { inputDiscardedData } from '../input-discarded.js';

export const dealsInputDiscarded = defineEvent({
  description: 'Two operators decided that an event of another service never takes effect here.',
  type: 'deals.input-discarded',
  schemaVersion: 1,
  data: inputDiscardedData,
});
