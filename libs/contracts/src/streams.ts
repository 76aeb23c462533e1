/** What a stream id looks like. */
export const streamIdPattern = /^[a-z]+-([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|main)$/;

/**
 * Stream ids: `<kind>-<uuid>`; where clients choose the id, its owner stands before it, so that nobody can take what
 * is another's. The stream id is the Kafka key, so events of one stream keep their order.
 */
export const streamIds = {
  party: (partyId: string): string => `party-${partyId}`,
  provider: (providerId: string): string => `provider-${providerId}`,
  account: (accountId: string): string => `account-${accountId}`,
  grant: (grantId: string): string => `grant-${grantId}`,
  hold: (holdId: string): string => `hold-${holdId}`,
  withdrawal: (partyId: string, withdrawalId: string): string =>
    `withdrawal-${partyId}-${withdrawalId}`,
  company: (companyId: string): string => `company-${companyId}`,
  deal: (dealId: string): string => `deal-${dealId}`,
  /** One writer per shard: all books that share a set of trading accounts. */
  shard: (shardName: string): string => `shard-${shardName}`,
  reservation: (reservationId: string): string => `reservation-${reservationId}`,
  usage: (recordUuid: string): string => `usage-${recordUuid}`,
  attestation: (requestId: string): string => `attestation-${requestId}`,
  reconciliation: (requestId: string): string => `reconciliation-${requestId}`,
  discard: (discardId: string): string => `discard-${discardId}`,
} as const;
