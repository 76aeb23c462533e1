/** Why an event is parked. */
export type ParkedCode =
  /**
   * Only in rows of versions that did not verify what they consumed. Now a message that is not readable as an event is
   * not parked: it halts its partition, with the `HaltReason` of the same name.
   */
  | 'unreadable'
  | 'type_unknown'
  | 'version_unknown'
  | 'data_invalid'
  | 'handler_failed'
  | 'waits_behind';
