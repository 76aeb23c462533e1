import { defineEvent, type EventOf } from '../define-event.js';
import { inputDiscardedData } from '../input-discarded.js';

/** Two operators decided that an event of another service never takes effect here. */
export const complianceInputDiscarded = defineEvent({
  type: 'compliance.input-discarded',
  schemaVersion: 1,
  data: inputDiscardedData,
});
export type ComplianceInputDiscarded = EventOf<typeof complianceInputDiscarded>;
