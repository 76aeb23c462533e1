import type { ServiceName } from '@specie/contracts';
import type { LogRecord } from '../src/index.js';
import { dealsStory } from './deals-story.js';
import { writeLog, type StoryCommand } from './log-writer.js';
import {
  buyOrder,
  capture,
  command,
  commitment,
  deal,
  escrowAccount,
  escrowParty,
  escrowTransfer,
  event,
  hash,
  id,
  investor,
  investorAccount,
  provider,
  received,
  reservation,
  sellOrder,
  sent,
  series,
  startup,
  startupAccount,
  tranche,
  treasury,
  withdrawal,
  type Move,
} from './story-parts.js';

export { escrowParty, id, provider, series, startup, investor } from './story-parts.js';

export type Story = Record<
  'compliance' | 'issuance' | 'deals' | 'market' | 'metering',
  StoryCommand[]
>;

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
    ...{ movementId: id(17), movement: 'grant', quantity: '100.000000' },
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
      event(`withdrawal-${investor}-${withdrawal}`, 'issuance.withdrawal-settled', {
        ...{ withdrawalId: withdrawal, seriesId: series, partyId: investor, quantity: '10.000000' },
      }),
    ),
    command(
      event(`account-${startupAccount}`, 'issuance.tokens-held', {
        ...holdFacts,
        ...{
          quantity: '5.000000',
          draws: [{ lotId: id(50), quantity: '5.000000' }],
          expiresAt: '2026-04-01T00:00:00.000Z',
        },
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
