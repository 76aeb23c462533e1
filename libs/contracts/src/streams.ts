/** What a stream id looks like. */
export const streamIdPattern = /^[a-z]+-([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|main)$/;

/**
 * Stream ids: `<kind>-<uuid>`; where clients choose the id, its owner stands before it, so that nobody can take what
 * is another's. The stream id is the Kafka key, so events of one stream keep their order.
 */
export const streamIds = {
  party: (partyId: string) => `party-${partyId}` as const,
  provider: (providerId: string) => `provider-${providerId}` as const,
  account: (accountId: string) => `account-${accountId}` as const,
  grant: (grantId: string) => `grant-${grantId}` as const,
  hold: (holdId: string) => `hold-${holdId}` as const,
  withdrawal: (partyId: string, withdrawalId: string) =>
    `withdrawal-${partyId}-${withdrawalId}` as const,
  company: (companyId: string) => `company-${companyId}` as const,
  deal: (dealId: string) => `deal-${dealId}` as const,
  /** One writer per shard: all books that share a set of trading accounts. */
  shard: (shardName: string) => `shard-${shardName}` as const,
  /** The reference price of a series. */
  reference: (seriesId: string) => `reference-${seriesId}` as const,
  /** When the phases of a book change. */
  calendar: (seriesId: string) => `calendar-${seriesId}` as const,
  reservation: (reservationId: string) => `reservation-${reservationId}` as const,
  usage: (recordUuid: string) => `usage-${recordUuid}` as const,
  attestation: (requestId: string) => `attestation-${requestId}` as const,
  reconciliation: (requestId: string) => `reconciliation-${requestId}` as const,
  discard: (discardId: string) => `discard-${discardId}` as const,
} as const;
