import type { DealOffered } from '@specie/contracts';
import { canonicalJson } from '@specie/event-sourcing';
import { formatMicro } from '@specie/quantities';

/**
 * A percentage is of the outstanding shares of every class and of the new shares themselves. A company has no
 * options and no convertibles here yet; the rules are recorded so that later deals can have others.
 */
export const outstandingAndNewShares: DealOffered['data']['capitalizationRules'] = {
  includeOutstandingShares: true,
  includeOutstandingOptions: false,
  includeUnissuedOptions: false,
  includeThisSecurity: true,
  includeOtherConvertibles: false,
  includePromisedOptionsTopUp: false,
  includeAdditionalPoolTopUp: false,
  includeNewMoney: false,
};

/** The one text of the terms that both sides sign: RFC 8785 over every term, quantities as on the wire. */
export function canonicalTerms(terms: Omit<DealOffered['data'], 'termsHash'>): string {
  return canonicalJson({
    ...terms,
    capitalizationRules: { ...terms.capitalizationRules },
    tokens: formatMicro(terms.tokens),
    fullyDiluted: terms.fullyDiluted.toString(),
    shares: terms.shares.toString(),
    referencePrice: formatMicro(terms.referencePrice),
    tranches: terms.tranches.map(({ trancheId, tokens, shares }) => ({
      trancheId,
      tokens: formatMicro(tokens),
      shares: shares.toString(),
    })),
  });
}
