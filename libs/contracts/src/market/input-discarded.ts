import { defineEvent } from '../define-event.js';
import { inputDiscardedData } from '../input-discarded.js';

export const marketInputDiscarded = defineEvent({
  description: 'Two operators decided that an event of another service never takes effect here.',
  type: 'market.input-discarded',
  schemaVersion: 1,
  data: inputDiscardedData,
});
