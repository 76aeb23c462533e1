import { owedTranche } from './deals-story.js';
import type { StoryCommand } from './log-writer.js';
import {
  capture,
  command,
  deal,
  escrowAccount,
  escrowParty,
  escrowTransfer,
  event,
  hash,
  id,
  investor,
  investorAccount,
  received,
  reservation,
  sent,
  series,
  startup,
  startupAccount,
  tranche,
  type Move,
} from './story-parts.js';
import { tellStory, type Story } from './story.js';

export const secondDeposit = id(61);
export const refusedWithdrawal = id(62);
export const transfer = id(63);
export const secondReservation = id(64);
export const [firstCapture, secondCapture] = [id(65), id(66)];
export const refusedReservation = id(67);
export const massCancelled = [id(80), id(81)];
export { capture, escrowTransfer, reservation };

const atomsPerToken = 25_200_000_000_000n;

/**
 * The story and what comes after it, so that every hand-over happens, is refused and happens again: a second
 * deposit, a withdrawal that the issuer refuses, a transfer, a redemption in two slices and a refused one.
 */
export function tellLongStory(): Story {
  const story = tellStory();
  failFirstOpening(story);
  story.issuance.push(...issuanceAfterwards());
  story.market.push(...marketAfterwards());
  story.metering.push(...meteringAfterwards());
  return story;
}

/** The tranche is opened once before, and the issuer has too few tokens then. */
function failFirstOpening({ deals, issuance }: Story): void {
  const reason = 'insufficient_tokens';
  insertBefore(deals, 'deals.tranche-opened', [
    command(event(`deal-${deal}`, 'deals.tranche-opened', owedTranche)),
    command(
      event(`deal-${deal}`, 'deals.tranche-failed', { dealId: deal, trancheId: tranche, reason }),
    ),
  ]);
  insertBefore(issuance, 'issuance.tokens-granted', [
    command(
      event(`grant-${id(17)}`, 'issuance.grant-refused', {
        ...{ grantId: id(17), dealId: deal, trancheId: tranche, reason },
      }),
    ),
  ]);
}

function insertBefore(
  commands: StoryCommand[],
  type: string,
  inserted: readonly StoryCommand[],
): void {
  const index = commands.findIndex(({ events }) => events.some((each) => each.type === type));
  commands.splice(index, 0, ...inserted);
}

function issuanceAfterwards(): Story['issuance'] {
  const deposit: Move = {
    ...{ movementId: secondDeposit, movement: 'escrow', quantity: '7.000000' },
    ...{ from: [startupAccount, startup], to: [escrowAccount, escrowParty] },
  };
  const gift: Move = {
    ...{ movementId: transfer, movement: 'transfer', quantity: '3.000000' },
    ...{ from: [startupAccount, startup], to: [investorAccount, investor] },
  };
  const account = `account-${startupAccount}`;
  const hold = {
    ...{ accountId: startupAccount, seriesId: series, partyId: startup },
    holdId: secondReservation,
  };
  return [
    command(sent(deposit), received(deposit)),
    command(
      event(`withdrawal-${refusedWithdrawal}`, 'issuance.withdrawal-refused', {
        ...refused(),
        reason: 'account_unknown',
      }),
    ),
    command(sent(gift), received(gift)),
    command(
      event(account, 'issuance.tokens-held', {
        ...{ ...hold, quantity: '6.000000', draws: [{ lotId: id(50), quantity: '6.000000' }] },
        expiresAt: '2026-04-01T00:00:00.000Z',
      }),
    ),
    command(
      event(account, 'issuance.hold-captured', {
        ...{ ...hold, captureId: firstCapture, quantity: '1.000000' },
      }),
    ),
    command(
      event(account, 'issuance.hold-captured', {
        ...{ ...hold, captureId: secondCapture, quantity: '2.000000' },
      }),
    ),
    command(event(account, 'issuance.hold-released', { ...hold, quantity: '3.000000' })),
    command(
      event(`hold-${refusedReservation}`, 'issuance.hold-refused', {
        ...{ holdId: refusedReservation, seriesId: series, partyId: startup },
        reason: 'insufficient_tokens',
      }),
    ),
  ];
}

function marketAfterwards(): Story['market'] {
  const stream = 'shard-main';
  return [
    command(
      event(stream, 'market.tokens-deposited', {
        ...{ escrowId: secondDeposit, partyId: startup, seriesId: series, quantity: '7.000000' },
      }),
    ),
    command(event(stream, 'market.withdrawal-requested', refused())),
    command(
      event(stream, 'market.withdrawal-reverted', { ...refused(), reason: 'account_unknown' }),
    ),
    command(
      event(stream, 'market.cash-withdrawn', {
        ...{ withdrawalId: id(68), partyId: investor, currency: 'USD', amount: '10.000000' },
      }),
    ),
    ...twoOrdersCancelled(),
  ];
}

/** Two orders rest, and one command cancels both. */
function twoOrdersCancelled(): Story['market'] {
  const stream = 'shard-main';
  const owned = { seriesId: series, partyId: startup };
  const terms = { side: 'sell', kind: 'limit', timeInForce: 'GTC', quantityLots: 100 };
  const accepted = (orderNumber: number, orderId: string) =>
    command(
      event(stream, 'market.order-accepted', {
        ...{ ...owned, ...terms, orderId, orderNumber },
        ...{ priceTicks: 30_000, reserved: 1_000_000 },
      }),
    );
  const cancelled = (orderId: string) =>
    event(stream, 'market.order-cancelled', {
      ...{ ...owned, orderId, leavesLots: 100, reason: 'mass_cancel' },
    });
  return [
    ...massCancelled.map((orderId, index) => accepted(3 + index, orderId)),
    command(
      event(stream, 'market.orders-mass-cancelled', {
        ...{ partyId: startup, reason: 'mass_cancel', orderCount: massCancelled.length },
      }),
      ...massCancelled.map(cancelled),
    ),
  ];
}

function refused() {
  return {
    ...{ withdrawalId: refusedWithdrawal, partyId: startup },
    ...{ seriesId: series, quantity: '4.000000' },
  };
}

function meteringAfterwards(): Story['metering'] {
  return [
    requested(secondReservation, '6.000000'),
    command(
      event(`reservation-${secondReservation}`, 'metering.reservation-confirmed', {
        ...{ reservationId: secondReservation, held: '6.000000' },
      }),
    ),
    slice({ number: 1, captureId: firstCapture, tokens: 1, cumulative: 1 }),
    slice({ number: 2, captureId: secondCapture, tokens: 2, cumulative: 3 }),
    command(
      event(`reservation-${secondReservation}`, 'metering.reservation-closed', {
        ...{ reservationId: secondReservation, partyId: startup, seriesId: series },
        ...{ captured: '3.000000', released: '3.000000', reason: 'requested' },
      }),
    ),
    requested(refusedReservation, '9000.000000'),
    command(
      event(`reservation-${refusedReservation}`, 'metering.reservation-refused', {
        ...{ reservationId: refusedReservation, reason: 'insufficient_tokens' },
      }),
    ),
  ];
}

function requested(reservationId: string, quantity: string) {
  return command(
    event(`reservation-${reservationId}`, 'metering.redemption-requested', {
      ...{ reservationId, partyId: startup, seriesId: series, sku: 'H100-SXM' },
      ...{ weightVersion: 1, weightPpm: 1_000_000, quantity },
      expiresAt: '2026-04-01T00:00:00.000Z',
    }),
  );
}

function slice(of: {
  readonly number: number;
  readonly captureId: string;
  readonly tokens: number;
  readonly cumulative: number;
}) {
  const { number, captureId, tokens, cumulative } = of;
  const atoms = (BigInt(tokens) * atomsPerToken).toString();
  const gpuSeconds = String(3_600 * tokens);
  return command(
    event(`usage-${id(70 + number)}`, 'metering.usage-charged', {
      ...{ reservationId: secondReservation, partyId: startup, source: 'meter-1' },
      ...{ recordId: `later-${number}`, sku: 'H100-SXM', gpuCount: tokens, fraction7000: 7000 },
      ...{ weightVersion: 1, weightPpm: 1_000_000, seconds: 3_600 },
      ...{ startedAt: '2026-03-11T00:00:00.000Z', gpuSeconds, atoms, evidenceHash: hash },
    }),
    event(`reservation-${secondReservation}`, 'metering.slice-captured', {
      ...{ reservationId: secondReservation, partyId: startup, seriesId: series, captureId },
      ...{ sliceNumber: number, usageCount: 1, gpuSeconds, atoms },
      ...{ atomsCumulative: (BigInt(cumulative) * atomsPerToken).toString() },
      ...{ captured: `${tokens}.000000`, capturedCumulative: `${cumulative}.000000` },
    }),
  );
}
