import { defineEvent } from '../define-event.js';
import { inputDiscardedData } from '../input-discarded.js';

export const issuanceInputDiscarded = defineEvent({
  description: 'Two operators decided that an event of another service never takes effect here.',
  type: 'issuance.input-discarded',
  schemaVersion: 1,
  data: inputDiscardedData,
});
