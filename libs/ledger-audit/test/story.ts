import type { ServiceName } from '@specie/contracts';
import type { JsonValue } from '@specie/event-sourcing';
import type { LogRecord } from '../src/index.js';
import { writeLog, type StoryCommand, type StoryEvent } from './log-writer.js';

const hash = 'a'.repeat(64);
const at = '2026-03-02T10:00:00.000Z';

/** A fixed id with a readable end. */
export function id(number: number): string {
  return `0192d1a0-7b5e-7c3d-8e4f-${String(number).padStart(12, '0')}`;
}

export const provider = id(1);
export const startup = id(2);
export const investor = id(3);
export const escrowParty = id(4);
export const series = id(10);
const treasury = id(11);
const startupAccount = id(12);
const escrowAccount = id(13);
const investorAccount = id(14);
const commitment = id(15);
const [company, shareClass, deal, tranche, issuance] = [id(20), id(21), id(22), id(23), id(24)];
const [escrowTransfer, withdrawal, buyOrder, sellOrder] = [id(30), id(31), id(32), id(33)];
const [reservation, capture] = [id(40), id(41)];

export type Story = Record<
  'compliance' | 'issuance' | 'deals' | 'market' | 'metering',
  StoryCommand[]
>;

let commandNumber = 0;
function command(...events: readonly StoryEvent[]): StoryCommand {
  commandNumber += 1;
  // The last digits are left for the ordinals of the events.
  return { commandId: id(900_000_000_000 - commandNumber * 100), at, events };
}

function event(
  streamId: string,
  type: string,
  data: Readonly<Record<string, JsonValue>>,
): StoryEvent {
  return { streamId, type, data };
}

/** One story through all services: capacity, mint, deal, trade, withdrawal, redemption. */
export function tellStory(): Story {
  return {
    compliance: [
      ...onboard(provider, 'provider'),
      ...onboard(startup, 'company'),
      ...onboard(investor, 'fund'),
    ],
    issuance: issuanceStory(),
    deals: dealsStory(),
    market: marketStory(),
    metering: meteringStory(),
  };
}

export function writeStory(
  story: Story = tellStory(),
  batchSize = 1,
): Record<keyof Story, LogRecord[]> {
  const write = (service: ServiceName & keyof Story): LogRecord[] =>
    writeLog(service, story[service], batchSize);
  return {
    compliance: write('compliance'),
    issuance: write('issuance'),
    deals: write('deals'),
    market: write('market'),
    metering: write('metering'),
  };
}

function onboard(partyId: string, kind: string): StoryCommand[] {
  const stream = `party-${partyId}`;
  const actions = ['issue', 'grant', 'deal', 'trade', 'transfer', 'redeem'];
  return [
    command(
      event(stream, 'compliance.party-registered', {
        partyId,
        kind,
        country: 'US',
        nameHash: hash,
        registeredBy: id(9),
      }),
    ),
    command(
      event(stream, 'compliance.party-approved', {
        partyId,
        approvedBy: id(8),
        evidenceHash: hash,
      }),
      event(stream, 'compliance.eligibility-published', {
        partyId,
        actions,
        accredited: true,
        validUntil: '2027-01-01T00:00:00.000Z',
      }),
    ),
  ];
}

interface Move {
  readonly movementId: string;
  readonly movement: string;
  readonly quantity: string;
  readonly from: readonly [accountId: string, partyId: string];
  readonly to: readonly [accountId: string, partyId: string];
}

function sent({ movementId, movement, quantity, from, to }: Move): StoryEvent {
  const [accountId, partyId] = from;
  return event(`account-${accountId}`, 'issuance.tokens-sent', {
    ...{
      accountId,
      seriesId: series,
      partyId,
      movementId,
      movement,
      counterPartyId: to[1],
      quantity,
    },
    draws: [{ lotId: id(50), quantity }],
  });
}

function received({ movementId, movement, quantity, from, to }: Move): StoryEvent {
  const [accountId, partyId] = to;
  return event(`account-${accountId}`, 'issuance.tokens-received', {
    ...{
      accountId,
      seriesId: series,
      partyId,
      movementId,
      movement,
      counterPartyId: from[1],
      quantity,
    },
    lots: [{ lotId: id(50), quantity, lockupEndsAt: null }],
  });
}

function opened(accountId: string, partyId: string, kind: string): StoryCommand {
  return command(
    event(`account-${accountId}`, 'issuance.account-opened', {
      accountId,
      seriesId: series,
      partyId,
      kind,
    }),
  );
}

function issuanceStory(): StoryCommand[] {
  const stream = `provider-${provider}`;
  const grant: Move = {
    ...{ movementId: tranche, movement: 'grant', quantity: '100.000000' },
    ...{ from: [treasury, provider], to: [startupAccount, startup] },
  };
  const deposit: Move = {
    ...{ movementId: escrowTransfer, movement: 'escrow', quantity: '50.000000' },
    ...{ from: [startupAccount, startup], to: [escrowAccount, escrowParty] },
  };
  const payout: Move = {
    ...{ movementId: withdrawal, movement: 'withdrawal', quantity: '10.000000' },
    ...{ from: [escrowAccount, escrowParty], to: [investorAccount, investor] },
  };
  const mint: Move = {
    ...{ movementId: id(16), movement: 'mint', quantity: '1000.000000' },
    ...{ from: [treasury, provider], to: [treasury, provider] },
  };
  const holdFacts = {
    accountId: startupAccount,
    seriesId: series,
    partyId: startup,
    holdId: reservation,
  };
  return [
    command(
      event(stream, 'issuance.provider-registered', { providerId: provider, uptimeHaircutBps: 0 }),
    ),
    command(
      event(stream, 'issuance.capacity-committed', {
        ...{ providerId: provider, commitmentId: commitment, sku: 'H100-SXM', gpuCount: 10 },
        ...{ fromOn: '2026-03-01', toOn: '2026-03-31', weightVersion: 1, weightPpm: 1_000_000 },
        ...{ uptimeHaircutBps: 0, tokensPerDay: '240.000000' },
      }),
    ),
    command(
      event(stream, 'issuance.capacity-attested', {
        ...{
          providerId: provider,
          commitmentId: commitment,
          attestedBy: id(7),
          evidenceHash: hash,
        },
      }),
    ),
    command(
      event(stream, 'issuance.series-opened', {
        ...{
          providerId: provider,
          seriesId: series,
          treasuryAccountId: treasury,
          windowFromOn: '2026-03-10',
        },
        ...{ windowToOn: '2026-03-20', skus: ['H100-SXM'], region: 'eu-north', transferable: true },
      }),
    ),
    opened(treasury, provider, 'treasury'),
    opened(startupAccount, startup, 'party'),
    opened(escrowAccount, escrowParty, 'escrow'),
    opened(investorAccount, investor, 'party'),
    command(
      event(stream, 'issuance.tokens-minted', {
        ...{ providerId: provider, seriesId: series, mintId: id(16), quantity: '1000.000000' },
        ...{ outstandingAfter: '1000.000000', coveredOn: '2026-03-02' },
      }),
      received(mint),
    ),
    command(
      sent(grant),
      received(grant),
      event(`grant-${id(17)}`, 'issuance.tokens-granted', {
        ...{
          grantId: id(17),
          dealId: deal,
          trancheId: tranche,
          seriesId: series,
          fromPartyId: provider,
        },
        ...{ toPartyId: startup, quantity: '100.000000' },
      }),
    ),
    command(sent(deposit), received(deposit)),
    command(
      sent(payout),
      received(payout),
      event(`withdrawal-${withdrawal}`, 'issuance.withdrawal-settled', {
        ...{ withdrawalId: withdrawal, seriesId: series, partyId: investor, quantity: '10.000000' },
      }),
    ),
    command(
      event(`account-${startupAccount}`, 'issuance.tokens-held', {
        ...holdFacts,
        ...{ quantity: '5.000000', draws: [], expiresAt: '2026-04-01T00:00:00.000Z' },
      }),
    ),
    command(
      event(`account-${startupAccount}`, 'issuance.hold-captured', {
        ...holdFacts,
        captureId: capture,
        quantity: '2.000000',
      }),
    ),
    command(
      event(`account-${startupAccount}`, 'issuance.hold-released', {
        ...holdFacts,
        quantity: '3.000000',
      }),
    ),
  ];
}

function dealsStory(): StoryCommand[] {
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

function marketStory(): StoryCommand[] {
  const stream = 'shard-main';
  const order = {
    seriesId: series,
    kind: 'limit',
    timeInForce: 'GTC',
    priceTicks: 20_000,
    quantityLots: 1_000,
  };
  const moved = {
    partyId: investor,
    seriesId: series,
    quantity: '10.000000',
    withdrawalId: withdrawal,
  };
  return [
    command(
      event(stream, 'market.book-opened', {
        ...{
          seriesId: series,
          currency: 'USD',
          makerFeeBps: 10,
          takerFeeBps: 20,
          minimumLots: 1,
          maximumLots: 10_000,
        },
      }),
    ),
    command(
      event(stream, 'market.tokens-deposited', {
        ...{ escrowId: escrowTransfer, partyId: startup, seriesId: series, quantity: '50.000000' },
      }),
    ),
    command(
      event(stream, 'market.cash-deposited', {
        depositId: id(34),
        partyId: investor,
        currency: 'USD',
        amount: '100.000000',
      }),
    ),
    command(
      event(stream, 'market.order-accepted', {
        ...{
          orderId: sellOrder,
          orderNumber: 1,
          partyId: startup,
          side: 'sell',
          ...order,
          reserved: 10_000_000,
        },
      }),
    ),
    command(
      event(stream, 'market.order-accepted', {
        ...{
          orderId: buyOrder,
          orderNumber: 2,
          partyId: investor,
          side: 'buy',
          ...order,
          reserved: 20_040_000,
        },
      }),
      event(stream, 'market.trade-executed', {
        ...{
          tradeId: id(35),
          tradeNumber: 1,
          seriesId: series,
          makerOrderId: sellOrder,
          takerOrderId: buyOrder,
        },
        ...{
          takerSide: 'buy',
          buyerPartyId: investor,
          sellerPartyId: startup,
          priceTicks: 20_000,
          quantityLots: 1_000,
        },
        ...{ notional: 20_000_000, buyerFee: 40_000, sellerFee: 20_000 },
      }),
    ),
    command(event(stream, 'market.withdrawal-requested', moved)),
    command(event(stream, 'market.withdrawal-completed', moved)),
  ];
}

function meteringStory(): StoryCommand[] {
  const stream = `reservation-${reservation}`;
  const atoms = (2n * 25_200_000_000_000n).toString();
  return [
    command(
      event(stream, 'metering.redemption-requested', {
        ...{
          reservationId: reservation,
          partyId: startup,
          seriesId: series,
          sku: 'H100-SXM',
          weightVersion: 1,
        },
        ...{ weightPpm: 1_000_000, quantity: '5.000000', expiresAt: '2026-04-01T00:00:00.000Z' },
      }),
    ),
    command(
      event(stream, 'metering.reservation-confirmed', {
        reservationId: reservation,
        held: '5.000000',
      }),
    ),
    command(
      event(`usage-${id(42)}`, 'metering.usage-charged', {
        ...{
          reservationId: reservation,
          partyId: startup,
          source: 'meter-1',
          recordId: 'job-1',
          sku: 'H100-SXM',
        },
        ...{
          gpuCount: 2,
          fraction7000: 7000,
          weightVersion: 1,
          weightPpm: 1_000_000,
          seconds: 3600,
        },
        ...{ startedAt: '2026-03-11T00:00:00.000Z', gpuSeconds: '7200', atoms, evidenceHash: hash },
      }),
      event(stream, 'metering.slice-captured', {
        ...{
          reservationId: reservation,
          partyId: startup,
          seriesId: series,
          captureId: capture,
          sliceNumber: 1,
        },
        ...{ usageCount: 1, gpuSeconds: '7200', atoms, atomsCumulative: atoms },
        ...{ captured: '2.000000', capturedCumulative: '2.000000' },
      }),
    ),
    command(
      event(stream, 'metering.reservation-closed', {
        ...{ reservationId: reservation, partyId: startup, seriesId: series },
        ...{ captured: '2.000000', released: '3.000000', reason: 'requested' },
      }),
    ),
  ];
}
