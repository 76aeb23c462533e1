/**
 * The fixed party that owns the market's escrow accounts at the issuer: `derivedId('party', 'market-escrow')`, written
 * out since what is published computes nothing.
 */
export const marketEscrowPartyId = '5fd08584-06a0-59b9-a731-63092ba106ef';
