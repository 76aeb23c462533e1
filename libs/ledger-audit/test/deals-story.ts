import type { StoryCommand } from './log-writer.js';
import {
  command,
  company,
  deal,
  event,
  hash,
  id,
  issuance,
  provider,
  series,
  shareClass,
  startup,
  tranche,
} from './story-parts.js';

export const owedTranche = {
  ...{ dealId: deal, trancheId: tranche, seriesId: series, fromPartyId: provider },
  ...{ toPartyId: startup, tokens: '100.000000', lockupEndsAt: null },
};

/** A company and its deal: one tranche, delivered and accepted. */
export function dealsStory(): StoryCommand[] {
  const stream = `company-${company}`;
  const dealStream = `deal-${deal}`;
  const rules = Object.fromEntries(
    [
      'includeOutstandingShares',
      'includeOutstandingOptions',
      'includeUnissuedOptions',
      'includeThisSecurity',
      'includeOtherConvertibles',
      'includePromisedOptionsTopUp',
      'includeAdditionalPoolTopUp',
      'includeNewMoney',
    ].map((rule) => [rule, true]),
  );
  const shares = { companyId: company, classId: shareClass };
  return [
    command(
      event(stream, 'deals.company-registered', {
        companyId: company,
        partyId: startup,
        directorPartyIds: [id(6)],
      }),
    ),
    command(
      event(stream, 'deals.share-class-authorised', {
        ...shares,
        kind: 'common',
        authorised: '2000',
      }),
    ),
    command(
      event(stream, 'deals.shares-issued', {
        ...{
          ...shares,
          issuanceId: id(25),
          holderPartyId: startup,
          shares: '900',
          cause: 'founding',
        },
        ...{ dealId: null, trancheId: null, paidByTokens: null },
      }),
    ),
    command(
      event(dealStream, 'deals.deal-offered', {
        ...{
          dealId: deal,
          companyId: company,
          companyPartyId: startup,
          providerPartyId: provider,
          seriesId: series,
        },
        ...{
          classId: shareClass,
          tokens: '100.000000',
          equityPpm: 100_000,
          capitalizationRules: rules,
        },
        ...{
          fullyDiluted: '1000',
          shares: '100',
          referencePrice: '2.500000',
          currency: 'USD',
          lockupEndsAt: null,
        },
        tranches: [{ trancheId: tranche, tokens: '100.000000', shares: '100' }],
        termsHash: hash,
      }),
    ),
    command(
      event(dealStream, 'deals.deal-signed', {
        dealId: deal,
        side: 'provider',
        partyId: provider,
        termsHash: hash,
      }),
      event(stream, 'deals.shares-reserved', { ...shares, dealId: deal, shares: '100' }),
    ),
    command(
      event(dealStream, 'deals.deal-signed', {
        dealId: deal,
        side: 'company',
        partyId: startup,
        termsHash: hash,
      }),
    ),
    command(
      event(dealStream, 'deals.board-approved', {
        ...{ dealId: deal, approvedBy: id(6), resolutionHash: hash, termsHash: hash },
      }),
    ),
    command(event(dealStream, 'deals.deal-activated', { dealId: deal })),
    command(event(dealStream, 'deals.tranche-opened', owedTranche)),
    command(
      event(dealStream, 'deals.tranche-delivered', {
        dealId: deal,
        trancheId: tranche,
        grantId: id(17),
      }),
    ),
    command(
      event(dealStream, 'deals.tranche-accepted', {
        ...{
          dealId: deal,
          trancheId: tranche,
          acceptedBy: startup,
          issuanceId: issuance,
          shares: '100',
        },
      }),
      // The service writes the events of the deal before those of the company.
      event(dealStream, 'deals.deal-completed', {
        dealId: deal,
        shares: '100',
        tokens: '100.000000',
      }),
      event(stream, 'deals.shares-issued', {
        ...{
          ...shares,
          issuanceId: issuance,
          holderPartyId: provider,
          shares: '100',
          cause: 'tranche',
        },
        ...{ dealId: deal, trancheId: tranche, paidByTokens: '100.000000' },
      }),
    ),
  ];
}
