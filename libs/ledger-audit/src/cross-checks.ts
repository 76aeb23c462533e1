import { formatMicro } from '@specie/quantities';
import type { ComplianceFold } from './folds/compliance.fold.js';
import type { DealsFold } from './folds/deals.fold.js';
import type { EscrowMovement, IssuanceFold } from './folds/issuance.fold.js';
import type { MarketFold, TradeFact } from './folds/market.fold.js';
import type { MeteringFold } from './folds/metering.fold.js';
import type { Invariants } from './invariants.js';

export interface Folds {
  readonly compliance: ComplianceFold;
  readonly issuance: IssuanceFold;
  readonly deals: DealsFold;
  readonly market: MarketFold;
  readonly metering: MeteringFold;
}

export interface CrossCheckOptions {
  /** How long a fact of compliance may take to reach the market. */
  readonly propagationMs: number;
  /** Epoch milliseconds; an effect recorded later may have been read without its cause. */
  readonly completeBeforeMs: number;
}

/**
 * Checks that span two logs. Positions of different logs have no order, so movements are matched by their
 * ids: what the first log sent and the second has not seen yet is in flight; the reverse is impossible,
 * except in the last moments before the logs were read.
 */
export function checkAcrossServices(
  folds: Folds,
  invariants: Invariants,
  options: CrossCheckOptions,
): void {
  const isComplete = (recordedAtMs: number): boolean => recordedAtMs < options.completeBeforeMs;
  checkEscrow(folds, invariants, isComplete);
  checkPaidTranches(folds, invariants, isComplete);
  checkRedemptions(folds, invariants, isComplete);
  for (const trade of folds.market.trades) {
    checkTrade(folds, invariants, trade, { isComplete, propagationMs: options.propagationMs });
  }
}

type IsComplete = (recordedAtMs: number) => boolean;

/** S3: escrow of a series = trading balances + transfers in flight, both ways. */
function checkEscrow(
  { issuance, market }: Folds,
  invariants: Invariants,
  isComplete: IsComplete,
): void {
  const inFlight = new Map<string, bigint>();
  const add = (seriesId: string, quantity: bigint): void =>
    void inFlight.set(seriesId, (inFlight.get(seriesId) ?? 0n) + quantity);
  for (const [escrowId, deposit] of market.deposits) {
    const sent = issuance.escrowed.get(escrowId);
    if (sent === undefined && !isComplete(deposit.recordedAtMs)) {
      add(deposit.seriesId, -deposit.quantity);
    } else if (sent === undefined || !sameMovement(sent, deposit)) {
      invariants.violated(
        'S3',
        caseAt('market', deposit, `deposit ${escrowId} is not what the issuer put in escrow`),
      );
    }
  }
  for (const [escrowId, sent] of issuance.escrowed) {
    add(sent.seriesId, market.deposits.has(escrowId) ? 0n : sent.quantity);
  }
  for (const [withdrawalId, settled] of issuance.settled) {
    const requested = market.requested.get(withdrawalId);
    if (requested === undefined && !isComplete(settled.recordedAtMs)) {
      add(settled.seriesId, -settled.quantity);
    } else if (
      requested === undefined ||
      !sameMovement(requested, settled) ||
      market.reverted.has(withdrawalId)
    ) {
      const reason = `withdrawal ${withdrawalId} is settled without a standing request`;
      invariants.violated('S3', caseAt('issuance', settled, reason));
    }
  }
  for (const [withdrawalId, requested] of market.requested) {
    const isSettled = issuance.settled.has(withdrawalId);
    const completedAtMs = market.completed.get(withdrawalId);
    const revertedAtMs = market.reverted.get(withdrawalId);
    add(requested.seriesId, isSettled || revertedAtMs !== undefined ? 0n : requested.quantity);
    if (completedAtMs !== undefined && isComplete(completedAtMs) && !isSettled) {
      invariants.violated(
        'S3',
        caseAt('market', requested, `withdrawal ${withdrawalId} is completed, never settled`),
      );
    }
    if (
      revertedAtMs !== undefined &&
      isComplete(revertedAtMs) &&
      !issuance.refusedWithdrawals.has(withdrawalId)
    ) {
      invariants.violated(
        'S3',
        caseAt('market', requested, `withdrawal ${withdrawalId} is reverted, never refused`),
      );
    }
  }
  compareEscrow(invariants, issuance.escrowBySeries(), market.tokensBySeries(), inFlight);
}

function compareEscrow(
  invariants: Invariants,
  escrow: ReadonlyMap<string, bigint>,
  trading: ReadonlyMap<string, bigint>,
  inFlight: ReadonlyMap<string, bigint>,
): void {
  for (const seriesId of new Set([...escrow.keys(), ...trading.keys(), ...inFlight.keys()])) {
    const held = escrow.get(seriesId) ?? 0n;
    const traded = trading.get(seriesId) ?? 0n;
    const moving = inFlight.get(seriesId) ?? 0n;
    if (held !== traded + moving) {
      const amounts = `${formatMicro(held)} in escrow, ${formatMicro(traded)} at the market, ${formatMicro(moving)} in flight`;
      invariants.violated('S3', `series ${seriesId}: ${amounts}`);
    }
  }
}

/** S5: shares of a tranche were paid with tokens that the issuer granted. */
function checkPaidTranches(
  { issuance, deals }: Folds,
  invariants: Invariants,
  isComplete: IsComplete,
): void {
  for (const { dealId, trancheId, tokens, at } of deals.paidTranches) {
    const grant = issuance.grants.get(trancheId);
    const isUnseen = grant === undefined && !isComplete(at.recordedAtMs);
    if (!isUnseen && (grant?.dealId !== dealId || grant.quantity !== tokens)) {
      invariants.violatedAt('S5', at, `the tokens of tranche ${trancheId} were not granted`);
    }
  }
}

/** S6: what the issuer burned is what the meter captured, and a reservation is backed by its hold. */
function checkRedemptions(
  { issuance, metering }: Folds,
  invariants: Invariants,
  isComplete: IsComplete,
): void {
  for (const [captureId, { holdId, quantity, position, recordedAtMs }] of issuance.captures) {
    const capture = metering.captures.get(captureId);
    const isUnseen = capture === undefined && !isComplete(recordedAtMs);
    if (!isUnseen && (capture?.reservationId !== holdId || capture.quantity !== quantity)) {
      invariants.violated(
        'S6',
        `issuance position ${position}: capture ${captureId} is not one of the meter`,
      );
    }
  }
  for (const [reservationId, { status, held, confirmedAtMs }] of metering.reservations) {
    const isBacked = status === 'confirmed' || status === 'closed';
    const hold = issuance.holds.get(reservationId);
    const isUnseen = hold === undefined && !isComplete(confirmedAtMs);
    if (isBacked && !isUnseen && hold?.quantity !== held) {
      invariants.violated(
        'S6',
        `reservation ${reservationId}: ${formatMicro(held)} confirmed, but not held`,
      );
    }
  }
}

/** S7: both sides of a trade were eligible at that instant, as far as the market could know. */
function checkTrade(
  { compliance }: Folds,
  invariants: Invariants,
  trade: TradeFact,
  options: { readonly isComplete: IsComplete; readonly propagationMs: number },
): void {
  for (const partyId of [trade.buyerPartyId, trade.sellerPartyId]) {
    const isEligible = compliance.couldAllow(partyId, 'trade', trade.atMs, options.propagationMs);
    if (!isEligible && options.isComplete(trade.recordedAtMs)) {
      invariants.violated('S7', caseAt('market', trade, `party ${partyId} was not eligible`));
    }
  }
}

function sameMovement(a: EscrowMovement, b: EscrowMovement): boolean {
  return a.partyId === b.partyId && a.seriesId === b.seriesId && a.quantity === b.quantity;
}

function caseAt(
  service: string,
  { position, eventId }: { readonly position: number; readonly eventId: string },
  reason: string,
): string {
  return `${service} position ${position} event ${eventId}: ${reason}`;
}
