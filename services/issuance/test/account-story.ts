import { microTokens } from '@specie/quantities';
import { type AccountTerms } from '../src/account/account.commands.js';
import { receiveMint } from '../src/account/account.decider.js';
import { accountAggregate, type Account } from '../src/account/account.state.js';

export const metadata = { now: '2026-03-01T12:00:00.000Z', actor: 'service:issuance' };
export const seriesId = '00000000-0000-4000-8000-000000000001';
const termsOf = (digit: string, kind: AccountTerms['kind']): AccountTerms => ({
  accountId: `00000000-0000-4000-8000-0000000000a${digit}`,
  seriesId,
  partyId: `00000000-0000-4000-8000-0000000000b${digit}`,
  kind,
});
export const nordic = termsOf('1', 'treasury');
export const acme = termsOf('2', 'party');
export const escrow = termsOf('e', 'escrow');

export const quantity = microTokens(5_000_000n);
export const tooMuch = microTokens(5_000_001n);
export const lotId = '00000000-0000-4000-8000-0000000000c1';
export const unopened = accountAggregate.initialState();

/** The account with `quantity` in one free lot. */
export function filled(terms: AccountTerms): Account {
  const minted = receiveMint(
    { data: { mintId: lotId, lotId, quantity, treasury: terms } },
    unopened,
  );
  return minted.events.reduce(accountAggregate.evolve, unopened);
}
