/** Why an event is parked. */
export type ParkedCode =
  | 'unreadable'
  | 'type_unknown'
  | 'version_unknown'
  | 'data_invalid'
  | 'handler_failed'
  | 'waits_behind';
