import type { ServiceName } from '@specie/contracts';
import { formatMicro } from '@specie/quantities';
import type { ComplianceFold } from './folds/compliance.fold.js';
import type { DealsFold } from './folds/deals.fold.js';
import type { IssuanceFold } from './folds/issuance.fold.js';
import type { MarketFold, TradeFact } from './folds/market.fold.js';
import type { MeteringFold } from './folds/metering.fold.js';
import { matchHandOver, type HandOver, type LogEnd, type MatchOptions } from './hand-overs.js';
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
  /** How long one service may take to answer another. */
  readonly inFlightMsMax: number;
  /** Epoch milliseconds; an effect recorded later may have been read without its cause. */
  readonly completeBeforeMs: number;
  readonly endOf: (service: ServiceName) => LogEnd;
}

/**
 * Checks that span two logs. Positions of different logs have no order, so both sides of every hand-over are
 * matched by their ids. What the first log gave and the second has not taken yet is in flight, for a bounded
 * time; the reverse is impossible, except in the last moments before the logs were read.
 */
export function checkAcrossServices(
  folds: Folds,
  invariants: Invariants,
  options: CrossCheckOptions,
): void {
  const isComplete = (recordedAtMs: number): boolean => recordedAtMs < options.completeBeforeMs;
  const { inFlightMsMax, endOf } = options;
  const report: MatchOptions['report'] = (found) => invariants.disagree(found);
  for (const handOver of handOversOf(folds)) {
    matchHandOver(handOver, { isComplete, inFlightMsMax, endOf, report });
  }
  checkEscrow(folds, invariants, isComplete);
  checkReporters(folds, invariants);
  for (const trade of folds.market.trades) {
    checkTrade(folds, invariants, trade, { isComplete, propagationMs: options.propagationMs });
  }
}

type IsComplete = (recordedAtMs: number) => boolean;

/** Everything that services hand to each other; README.md has the same table. */
export function handOversOf({ issuance, deals, market, metering }: Folds): readonly HandOver[] {
  const once = { isOrdered: false, keepsOutcome: false };
  const inOrder = { isOrdered: true, keepsOutcome: false };
  const answer = { isOrdered: false, keepsOutcome: true };
  return [
    {
      ...{ name: 'escrow deposit', invariant: 'S3', answer: 'credited', ...inOrder },
      ...{ given: issuance.escrowed, to: 'market', taken: market.deposits },
    },
    {
      ...{ name: 'withdrawal', invariant: 'S3', answer: 'answered', ...once },
      ...{ given: market.withdrawals, to: 'issuance', taken: issuance.answers.withdrawals },
    },
    {
      ...{ name: 'answer to withdrawal', invariant: 'S3', answer: 'ended', ...answer },
      ...{ given: issuance.answers.withdrawals, to: 'market', taken: market.withdrawalEnds },
    },
    {
      ...{ name: 'tranche', invariant: 'S5', answer: 'answered', ...once },
      ...{ given: deals.opened, to: 'issuance', taken: issuance.answers.grants },
    },
    {
      ...{ name: 'grant of tranche', invariant: 'S5', answer: 'recorded', ...answer },
      ...{ given: issuance.answers.grants, to: 'deals', taken: deals.trancheEnds },
    },
    {
      ...{ name: 'redemption', invariant: 'S6', answer: 'answered', ...once },
      ...{ given: metering.redemptions, to: 'issuance', taken: issuance.answers.holds },
    },
    {
      ...{ name: 'hold', invariant: 'S6', answer: 'recorded', ...answer },
      ...{ given: issuance.answers.holds, to: 'metering', taken: metering.holdsRecorded },
    },
    {
      ...{ name: 'capture', invariant: 'S6', answer: 'burned', ...inOrder },
      ...{ given: metering.captures, to: 'issuance', taken: issuance.captures },
    },
    {
      ...{ name: 'release', invariant: 'S6', answer: 'released', ...inOrder },
      ...{ given: metering.releases, to: 'issuance', taken: issuance.releases },
    },
  ];
}

/** S3: escrow of a series = trading balances + what is in flight, both ways. */
function checkEscrow(
  { issuance, market }: Folds,
  invariants: Invariants,
  isComplete: IsComplete,
): void {
  const inFlight = new Map<string, bigint>();
  const add = (seriesId: string | null, quantity: bigint | null, sign: bigint): void => {
    const key = seriesId ?? '';
    inFlight.set(key, (inFlight.get(key) ?? 0n) + sign * (quantity ?? 0n));
  };
  for (const { key, seriesId, quantity } of issuance.escrowed.all()) {
    add(seriesId, quantity, market.deposits.of(key).length === 0 ? 1n : 0n);
  }
  for (const { key, seriesId, quantity, recordedAtMs } of market.deposits.all()) {
    const isEarly = issuance.escrowed.of(key).length === 0 && !isComplete(recordedAtMs);
    add(seriesId, quantity, isEarly ? -1n : 0n);
  }
  for (const { key, seriesId, quantity } of market.withdrawals.all()) {
    const isSettled = issuance.answers.withdrawals
      .of(key)
      .some(({ outcome }) => outcome === 'done');
    const isReverted = market.withdrawalEnds.of(key).some(({ outcome }) => outcome === 'refused');
    add(seriesId, quantity, isSettled || isReverted ? 0n : 1n);
  }
  for (const {
    key,
    seriesId,
    quantity,
    outcome,
    recordedAtMs,
  } of issuance.answers.withdrawals.all()) {
    const isEarly = market.withdrawals.of(key).length === 0 && !isComplete(recordedAtMs);
    add(seriesId, quantity, isEarly && outcome === 'done' ? -1n : 0n);
  }
  const [escrow, trading] = [issuance.escrowBySeries(), market.tokensBySeries()];
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

/** S6: usage is reported by the provider of the series; one that is still to be read is no counterexample. */
function checkReporters({ issuance, metering }: Folds, invariants: Invariants): void {
  for (const [reservationId, { seriesId, providerIds }] of metering.reservations) {
    const owner = issuance.series.get(seriesId)?.data.providerId;
    for (const providerId of providerIds) {
      if (owner !== undefined && owner !== providerId) {
        const reason = `its usage is reported by ${providerId}, its series is of ${owner}`;
        invariants.violated('S6', `reservation ${reservationId}: ${reason}`);
      }
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
  const { position, eventId, buyerPartyId, sellerPartyId, atMs, recordedAtMs } = trade;
  for (const partyId of [buyerPartyId, sellerPartyId]) {
    const isEligible = compliance.couldAllow(partyId, 'trade', atMs, options.propagationMs);
    if (!isEligible && options.isComplete(recordedAtMs)) {
      const reason = `party ${partyId} was not eligible`;
      invariants.violated('S7', `market position ${position} event ${eventId}: ${reason}`);
    }
  }
}
