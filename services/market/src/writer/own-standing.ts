import { ownIneligibility, type PartyStanding } from '@specie/eligibility';
import type { ExchangeDecision } from '../domain/exchange/index.js';
import type { ShardRequest } from './shard-writer.js';

/** Tells a party that asks for itself why it may not trade. */
export function withReason(
  decision: ExchangeDecision,
  { command, context }: ShardRequest,
  standings: ReadonlyMap<string, PartyStanding>,
): ExchangeDecision {
  const isAboutStanding =
    decision.outcome === 'rejected' &&
    (decision.code === 'party_ineligible' || decision.code === 'party_unknown');
  const isForItself = 'partyId' in command && command.partyId === context.actor;
  if (!isAboutStanding || !isForItself) {
    return decision;
  }
  const details = ownIneligibility(standings.get(command.partyId) ?? 'unknown', 'trade');
  return { ...decision, ...(details ? { details } : {}) };
}
