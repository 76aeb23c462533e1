import { faultsIn, type Mutation } from './mutation.js';

/** Faults of the rules that decide. */
export const deciderMutations: readonly Mutation[] = [
  ...faultsIn(
    'services/compliance',
    'src/screening/screening.decider.ts',
    ['src/screening/screening.decider'],
    [
      [
        'an alert does not freeze an approved party',
        " && state.status === 'approved'\n",
        " && state.status === 'frozen'\n",
      ],
      ['an alert only above the threshold', 'estScorePpm >= ', 'estScorePpm > '],
      [
        'a true match clears like a false positive',
        "data.resolution === 'true_match' && state.status",
        "data.resolution !== 'true_match' && state.status",
      ],
    ],
  ),
  ...faultsIn(
    'services/compliance',
    'src/party/party.decider.ts',
    ['src/party'],
    [
      [
        'an old screening counts',
        'screening !== null && screening.listVersion !== listVersion',
        'false',
      ],
      [
        'evidence that has ended counts',
        '!isBefore(metadata.now, item.expiresAt)',
        'isBefore(item.expiresAt, "")',
      ],
    ],
  ),
  ...faultsIn(
    'services/issuance',
    'src/account/account.decider.ts',
    ['src/account'],
    [
      ['locked tokens are sent', '!isLocked(lot, metadata.now)', 'lot.quantity > 0n'],
      [
        'tokens are sent into escrow by a plain transfer',
        "data.to.kind === 'escrow'",
        'data.to.accountId === ""',
      ],
      ['a capture burns more than is held', 'totalOf(hold.lots) >= quantity', 'quantity >= 0n'],
      ['a hold takes the tokens that are free first', 'state.lots.toReversed()', 'state.lots'],
    ],
  ),
  ...faultsIn(
    'services/issuance',
    'src/account/lots.ts',
    ['src/account'],
    [
      [
        'lots with different lock-ups merge',
        'freeFrom(other) === freeFrom(lot)',
        'freeFrom(other) <= freeFrom(lot)',
      ],
      [
        'a lock-up ends one moment late',
        'freeFrom(lot) > Date.parse(now)',
        'freeFrom(lot) >= Date.parse(now)',
      ],
      ['fewer tokens are drawn than asked', 'return missing === 0n ? draws : null', 'return draws'],
    ],
  ),
  ...faultsIn(
    'services/issuance',
    'src/coverage/coverage-plan.ts',
    ['src/coverage'],
    [
      ['capacity counts before today', '{ ...range, fromDay: today }', 'range'],
      [
        'a series draws on one pool only',
        'each.pools.some((pool) => obligation.pools.includes(pool))',
        'each.pools.includes(obligation.pools[0] ?? "")',
      ],
    ],
  ),
  ...faultsIn(
    'services/issuance',
    'src/coverage/coverage-intervals.ts',
    ['src/coverage'],
    [
      [
        'an interval may be exceeded by one',
        'if (slack < worst.slack)',
        'if (slack < worst.slack - 1n)',
      ],
    ],
  ),
  ...faultsIn(
    'services/issuance',
    'src/coverage/slack-tree.ts',
    ['src/coverage'],
    [
      [
        'a slack that was lower before is forgotten',
        'lower(this.at(this.lowestEver, node), lowest + lowestOnTheWay)',
        'this.at(this.lowestEver, node)',
      ],
    ],
  ),
  ...faultsIn(
    'services/issuance',
    'src/coverage/max-flow.ts',
    ['src/coverage', 'test/coverage-opinions'],
    [['a probe keeps what it pushed', 'this.change(edge, -amount);', '']],
  ),
  ...faultsIn(
    'services/issuance',
    'src/provider/provider.decider.ts',
    ['src/provider'],
    [
      [
        'capacity is withdrawn from under tokens',
        'const coverage = coverageOf(without);',
        'const coverage = { covered: true } as ReturnType<typeof coverageOf>;',
      ],
      [
        'the provider attests its own capacity',
        "if (attestedBy === state.providerId) return reject('attested_by_provider');",
        '',
      ],
    ],
  ),
  ...faultsIn(
    'services/issuance',
    'src/mint/mint.decider.ts',
    ['src/provider'],
    [
      [
        'a mint is not covered',
        'const coverage = coverageOf(after);',
        'const coverage = { covered: true } as ReturnType<typeof coverageOf>;',
      ],
    ],
  ),
  ...faultsIn(
    'services/issuance',
    'src/withdrawal/withdrawal.decider.ts',
    ['src/withdrawal'],
    [
      [
        'a withdrawal is settled twice',
        "if (states.withdrawal.status !== 'unanswered') return accept();",
        '',
      ],
    ],
  ),
  ...faultsIn(
    'services/issuance',
    'src/grant/grant.decider.ts',
    ['src/grant'],
    [
      [
        'anybody grants tokens of a series',
        "if (seriesProviderId !== fromPartyId) return reject('not_the_provider');",
        '',
      ],
      [
        'tokens are granted after their delivery window',
        'seriesWindowToOn < dayOf(metadata.now)',
        'false',
      ],
    ],
  ),
  ...faultsIn(
    'services/issuance',
    'src/hold/hold.decider.ts',
    ['src/hold'],
    [
      ['any SKU is held for', '!series.skus.includes(sku)', 'series.skus.length === 0'],
      ['a hold outlasts the delivery window', ' || windowToOn < lastOn', ''],
      [
        'an expiry at midnight reaches into the day',
        'Date.parse(instant) - 1',
        'Date.parse(instant)',
      ],
    ],
  ),
  ...faultsIn(
    'services/deals',
    'src/deal/deal.decider.ts',
    ['src/deal'],
    [
      [
        'a signatory approves for the board',
        "if (approvedBy === deal.terms.companyPartyId) return reject('approver_is_signatory');",
        '',
      ],
    ],
  ),
  ...faultsIn(
    'services/deals',
    'src/tranche/tranche.decider.ts',
    ['src/tranche'],
    [
      [
        'a tranche is accepted before it is delivered',
        "if (tranche.status !== 'delivered')\n    return reject('tranche_not_delivered', { status: tranche.status });",
        '',
      ],
      [
        'a deal is never completed',
        "others.every(({ status }) => status === 'accepted')",
        'others.length > 64',
      ],
      [
        'tranches are opened in any order',
        "before.findIndex(({ status }) => status !== 'accepted')",
        '-1',
      ],
    ],
  ),
  ...faultsIn(
    'services/deals',
    'src/equity/equity.ts',
    ['src/equity'],
    [
      [
        'the percentage is of the capitalization before the issue',
        'wholePpm - part));',
        'wholePpm));',
      ],
      [
        'tranches are rounded one by one',
        'const before = divideFloor(total * tokensBefore, tokenTotal);',
        'const before = 0n; tokensBefore = 0n;',
      ],
    ],
  ),
  ...faultsIn(
    'services/market',
    'src/shard/decide.ts',
    ['src/shard'],
    [
      [
        'an ineligible party places orders',
        "ineligible(command, facts, 'party_ineligible') ?? clientOrderIdTaken",
        'clientOrderIdTaken',
      ],
      ['a client reference names two orders', ' ?? clientOrderIdTaken(command, venue)', ''],
    ],
  ),
  ...faultsIn(
    'services/market',
    'src/shard/perform.ts',
    ['src/shard'],
    [
      [
        'tokens in the book are withdrawn',
        'available < data.quantity',
        'available + 10n ** 12n < data.quantity',
      ],
    ],
  ),
  ...faultsIn(
    'services/market',
    'src/shard/core-commands.ts',
    ['src/shard'],
    [
      [
        'an order may be smaller than the smallest',
        'minQuantity: terms.minimumLots',
        'minQuantity: 1',
      ],
    ],
  ),
  ...faultsIn(
    'services/metering',
    'src/usage/usage.decider.ts',
    ['src/usage'],
    [
      [
        'use is rounded down',
        'return divideCeil(atomCount, atomsPerMicroToken)',
        'return atomCount / atomsPerMicroToken',
      ],
      [
        'more is captured than is held',
        'slice.data.capturedCumulative > state.held',
        'slice.data.capturedCumulative < 0n',
      ],
      [
        'what counts depends on the sweep',
        ' || releaseMs(state.terms) <= Date.parse(metadata.now)',
        '',
      ],
    ],
  ),
  ...faultsIn(
    'services/metering',
    'src/reservation/reservation.decider.ts',
    ['src/reservation'],
    [
      ['a late hold is kept', 'released: held, reason', 'released: microTokens(0n), reason'],
      [
        'a reservation outlasts the delivery window',
        'deliveryEndsAt !== null && expiresMs > Date.parse(deliveryEndsAt)',
        'false',
      ],
    ],
  ),
  ...faultsIn(
    'services/metering',
    'src/usage/usage-interval.ts',
    ['src/usage'],
    [
      ['use that is still to come counts', 'endMs(record) > nowMs', 'startMs(record) > nowMs'],
      ['use beyond the expiry counts', 'endMs(record) > expiresMs', 'startMs(record) >= expiresMs'],
      ['use from before the request counts', 'startMs(record) < fromMs', 'false'],
    ],
  ),
  ...faultsIn(
    'services/metering',
    'src/reservation/reservation.state.ts',
    ['src/reservation'],
    [['finished work has no grace', ' + graceSeconds * 1_000', '']],
  ),
];
