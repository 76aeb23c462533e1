import { marketFoldMutations } from './market-fold-mutations.js';
import { faultsIn, type Mutation } from './mutation.js';

const audit = 'libs/ledger-audit';
const auditSpecs = ['src/rebuild.spec.ts', 'src/planted-losses.spec.ts'];

/** Faults of the audit: its folds, its cross-checks, its verification of a log. */
export const foldMutations: readonly Mutation[] = [
  ...faultsIn(audit, 'src/hand-overs.ts', auditSpecs, [
    [
      'what was escrowed is not compared with what was credited',
      "const fields = ['partyId', 'seriesId', 'quantity', 'about'] as const;",
      "const fields = ['partyId', 'seriesId', 'about'] as const;",
    ],
    [
      'to what an answer belongs is not compared',
      "'quantity', 'about'] as const",
      "'quantity'] as const",
    ],
    [
      'an answer counts however it turned out',
      'handOver.keepsOutcome && asked.outcome !== answer.outcome',
      'false',
    ],
    [
      'in flight without a bound',
      'options.isComplete(asked.recordedAtMs + options.inFlightMsMax)',
      'asked.position < 0',
    ],
    ['nothing is overtaken', '(answeredTo?.get(asked.streamId) ?? 0) > asked.position', 'false'],
    ['a second answer is overlooked', 'if (second !== undefined)', "if (second?.key === '')"],
    [
      'an answer to nothing is overlooked',
      'given.of(answer.key).length === 0',
      'given.of(answer.key).length < 0',
    ],
  ]),
  ...faultsIn(audit, 'src/cross-checks.ts', auditSpecs, [
    [
      'the confirmed quantity is not compared with the held one',
      'taken: metering.holdsRecorded',
      'taken: issuance.answers.holds',
    ],
    [
      'captures are not compared with burns',
      'given: metering.captures',
      'given: issuance.captures',
    ],
    [
      'deposits are not compared with credits',
      'taken: market.deposits }',
      'taken: issuance.escrowed }',
    ],
    [
      'grants are not compared with deliveries',
      'taken: deals.trancheEnds',
      'taken: issuance.answers.grants',
    ],
    [
      'an ineligible trader is overlooked',
      '!isEligible && options.isComplete(recordedAtMs)',
      'isEligible && options.isComplete(recordedAtMs) && atMs < 0',
    ],
    [
      'sums of the escrow are not compared',
      'held !== traded + moving',
      'held < 0n',
      'Every movement is matched on its own before; the sums are a second line for what no movement tells.',
    ],
  ]),
  ...faultsIn(audit, 'src/folds/movement-pairs.ts', auditSpecs, [
    ['sent and received may differ', 'sent.quantity !== received.quantity', 'sent.quantity < 0n'],
    [
      'what is stated may differ from what moved',
      'needsCause && cause?.quantity !== received.quantity',
      'false',
    ],
    [
      'tokens leave the escrow for any reason',
      "fromEscrow !== (movement === 'withdrawal')",
      'received.quantity < 0n',
    ],
  ]),
  ...faultsIn(audit, 'src/folds/issuance.fold.ts', auditSpecs, [
    [
      'tokens out of nothing',
      'minted === burned + inAccounts',
      'minted >= burned',
      'Every movement is paired on its own before; the sum is a second line for what no pair tells.',
    ],
    ['an account may be negative', 'available < 0n || held < 0n', 'available < -1000000000000n'],
    [
      'a movement out of another account',
      'account.partyId !== partyId || account.seriesId !== seriesId',
      'account.seriesId !== seriesId',
    ],
    [
      'lots are not the quantity',
      'sum + micro(part.quantity), 0n) !== quantity',
      'sum + micro(part.quantity), 0n) < 0n',
    ],
    ['coverage is not computed again', 'this.touchedProviders.set(data.providerId, event);', ''],
  ]),
  ...faultsIn(audit, 'src/folds/capacity.ts', auditSpecs, [
    [
      'capacity that nobody attested counts',
      "status === 'attested')\n",
      "status !== 'withdrawn')\n",
    ],
    [
      'a withdrawal of capacity is not checked',
      "wasAttested && commitment.status === 'withdrawn'",
      'false',
    ],
  ]),
  ...faultsIn(
    audit,
    'src/folds/coverage.ts',
    ['src/folds/coverage.spec.ts'],
    [
      ['days before today count', 'Math.max(each.fromDay, today)', 'each.fromDay'],
      ['SKUs are one pool', 'each.sku === sku && days > 0', 'days > 0'],
    ],
  ),
  ...faultsIn(
    audit,
    'src/folds/placement.ts',
    ['src/folds/coverage.spec.ts'],
    [
      [
        'a full bin gives nothing back',
        'if (quantity > 0n && this.heightOf(amount) === height - 1)',
        'if (quantity < 0n)',
      ],
      [
        'paths are cut short',
        'this.heightMax = amounts.length + capacities.length',
        'this.heightMax = 2',
      ],
    ],
  ),
  ...marketFoldMutations,
  ...faultsIn(audit, 'src/folds/deals.fold.ts', auditSpecs, [
    ['more shares than authorised', ' > authorised) {', ' > authorised * 2n) {'],
    ['a completion is judged between its events', "(status === 'completed') !== isPaid", 'isPaid'],
    [
      'shares for another holder',
      'holderPartyId === terms.providerPartyId',
      "holderPartyId !== ''",
    ],
    ['accepted, but never delivered', '?.isDelivered !== true', '?.opened === 0'],
    [
      'accepted, but no shares',
      'this.accepted.set(event.data.issuanceId, event);',
      'if (event.position < 0) this.accepted.set(event.data.issuanceId, event);',
    ],
  ]),
  ...faultsIn(audit, 'src/folds/metering.fold.ts', auditSpecs, [
    ['charges are not computed again', 'BigInt(data.atoms) !== atoms', 'BigInt(data.atoms) < 0n'],
    ['slices are not the sum of their records', 'row?.chargedAtoms === row?.atoms', 'true'],
    ['a closing may state anything', 'row.captured !== stated || ', ''],
  ]),
  ...faultsIn(audit, 'src/folds/commands.ts', auditSpecs, [
    ['a command may have a second effect', 'this.seen.has(event.commandId)', "this.seen.has('')"],
  ]),
  ...faultsIn(audit, 'src/folds/compliance.fold.ts', auditSpecs, [
    ['any published action allows', 'fact.actions.includes(action) && ', ''],
  ]),
  ...faultsIn(
    audit,
    'src/folds/usage-interval.ts',
    ['src/usage.spec.ts'],
    [
      ['use may be charged before it ends', 'endMs > occurredAtMs + clockSkewMs', 'false'],
      ['use may begin at any time', 'startMs < interval.fromMs', 'false'],
      ['use may end at any time', 'endMs > interval.expiresMs', 'false'],
      ['use may be charged at any time', 'occurredAtMs < interval.graceEndsMs', 'endMs > 0'],
    ],
  ),
  ...faultsIn(
    audit,
    'src/cross-checks.ts',
    ['src/usage.spec.ts'],
    [['anybody may report use', 'owner !== undefined && owner !== providerId', 'false']],
  ),
  ...faultsIn(
    audit,
    'src/log-verifier.ts',
    ['src/rebuild.spec.ts'],
    [
      [
        'gaps are passed over',
        'if (record.position !== this.position + 1)',
        'if (record.position < 0)',
      ],
      [
        'an unsigned end is believed',
        "this.report(record.position, record.eventId, 'forged', 'no signed head covers it');",
        '',
      ],
      [
        'a log that was cut is believed',
        'position <= endPosition && this.mayReportMissing()',
        'position < 0',
      ],
    ],
  ),
];
