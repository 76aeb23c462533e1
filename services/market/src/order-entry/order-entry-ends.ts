/** Why the service ends a connection: the close code, and what the client does about it. */
export const orderEntryEnds = {
  going_away: { code: 1001, remedy: 'the service stops; connect again' },
  slow_consumer: { code: 4001, remedy: 'read faster; ask for the status of your orders' },
  not_writing: { code: 4003, remedy: 'another instance writes now; connect again' },
  token_expired: { code: 4004, remedy: 'connect again with a new token' },
} as const;
export type OrderEntryEnd = keyof typeof orderEntryEnds;
