import { defineEvent } from '../define-event.js';
import { inputDiscardedData } from '../input-discarded.js';

export const complianceInputDiscarded = defineEvent({
  description: 'Two operators decided that an event of another service never takes effect here.',
  type: 'compliance.input-discarded',
  schemaVersion: 1,
  data: inputDiscardedData,
});
