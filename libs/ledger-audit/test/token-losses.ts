import { escrowTransfer, refusedWithdrawal, secondDeposit, transfer } from './long-story.js';
import { tradingAccount as trading, type Loss } from './loss.js';
import {
  escrowAccount,
  id,
  investor,
  investorAccount,
  series,
  startup,
  startupAccount,
  withdrawal,
} from './story-parts.js';
import { add, change, drop, repeat, retype } from './tamper.js';

/** Losses between accounts, escrow and trading accounts. */
export const tokenLosses: Readonly<Record<string, Loss>> = {
  // Deposits: escrow of the issuer -> trading account.
  'a deposit that is never credited while later ones are': {
    invariant: 'S3',
    names: ['issuance position', escrowAccount, escrowTransfer, 'overtaken'],
    plant: ({ market }) => drop(market, 'market.tokens-deposited', { escrowId: escrowTransfer }),
  },
  'the last deposit, never credited': {
    invariant: 'S3',
    names: ['issuance position', escrowAccount, secondDeposit, 'overdue', '7.000000'],
    plant: ({ market }) => drop(market, 'market.tokens-deposited', { escrowId: secondDeposit }),
  },
  'a deposit credited to another party': {
    invariant: 'S3',
    names: ['market position', trading(investor), secondDeposit],
    plant: ({ market }) =>
      change(market, 'market.tokens-deposited', { partyId: investor }, { escrowId: secondDeposit }),
  },
  'a deposit credited with less': {
    invariant: 'S3',
    names: ['market position', trading(startup), secondDeposit, '7.000000', '6.000000'],
    plant: ({ market }) =>
      change(
        market,
        'market.tokens-deposited',
        { quantity: '6.000000' },
        { escrowId: secondDeposit },
      ),
  },
  'a deposit credited in another series': {
    invariant: 'S3',
    names: ['market position', `${id(99)}/${startup}`, secondDeposit],
    plant: ({ market }) =>
      change(market, 'market.tokens-deposited', { seriesId: id(99) }, { escrowId: secondDeposit }),
  },
  'a deposit credited twice': {
    invariant: 'S3',
    names: ['market position', trading(startup), secondDeposit, '2 times'],
    plant: ({ market }) => repeat(market, 'market.tokens-deposited', { escrowId: secondDeposit }),
  },
  'a credit without a deposit': {
    invariant: 'S3',
    names: ['market position', trading(startup), id(98), 'unfounded'],
    plant: ({ market }) => add(market, 'market.tokens-deposited', {}, { escrowId: id(98) }),
  },
  // Double entry inside the issuer.
  'a deposit that leaves the account and reaches no escrow': {
    invariant: 'S1',
    names: ['issuance position', startupAccount, secondDeposit, 'nothing received'],
    plant: (story) =>
      drop(story.issuance, 'issuance.tokens-received', { movementId: secondDeposit }),
  },
  'a transfer that arrives with less': {
    invariant: 'S1',
    names: ['issuance position', investorAccount, transfer, '3.000000 sent, 2.000000 received'],
    plant: (story) =>
      change(
        story.issuance,
        'issuance.tokens-received',
        {
          quantity: '2.000000',
          lots: [{ lotId: id(50), quantity: '2.000000', lockupEndsAt: null }],
        },
        { movementId: transfer },
      ),
  },
  'a transfer that arrives twice': {
    invariant: 'S9',
    names: ['issuance position', startupAccount, transfer],
    plant: (story) => repeat(story.issuance, 'issuance.tokens-sent', { movementId: transfer }),
  },
  'a transfer out of an account of somebody else': {
    invariant: 'S1',
    names: ['issuance position', investorAccount, startup],
    plant: (story) =>
      change(
        story.issuance,
        'issuance.tokens-sent',
        { accountId: investorAccount },
        { movementId: transfer },
      ),
  },
  'a movement whose lots are not its quantity': {
    invariant: 'S1',
    names: ['issuance position', startupAccount, transfer],
    plant: (story) =>
      change(story.issuance, 'issuance.tokens-sent', { draws: [] }, { movementId: transfer }),
  },
  'a plain transfer out of the escrow': {
    invariant: 'S1',
    names: ['issuance position', escrowAccount, withdrawal],
    plant: (story) => {
      const like = { movementId: withdrawal };
      change(story.issuance, 'issuance.tokens-sent', { movement: 'transfer' }, like);
      change(story.issuance, 'issuance.tokens-received', { movement: 'transfer' }, like);
      drop(story.issuance, 'issuance.withdrawal-settled', { withdrawalId: withdrawal });
    },
  },
  'a mint that reaches no account': {
    invariant: 'S1',
    names: ['issuance position', id(16), 'nothing received'],
    plant: (story) => drop(story.issuance, 'issuance.tokens-received', { movement: 'mint' }),
  },
  'a mint beyond what is covered': {
    invariant: 'S2',
    names: ['issuance position', series, '1000.000000 due, 990.000000 there'],
    plant: (story) =>
      change(story.issuance, 'issuance.capacity-committed', { tokensPerDay: '90.000000' }),
  },
  'a mint against capacity that nobody attested': {
    invariant: 'S2',
    names: ['issuance position', series, '1000.000000 due, 0.000000 there'],
    plant: ({ issuance: log }) => drop(log, 'issuance.capacity-attested'),
  },
  'capacity withdrawn from under tokens': {
    invariant: 'S2',
    names: ['issuance position', series, '0.000000 there'],
    plant: ({ issuance: log }) => {
      add(log, 'issuance.capacity-attested', {}, { attestedBy: id(96) });
      const types = ['issuance.capacity-attested', 'issuance.capacity-withdrawn'] as const;
      retype(log, types, { attestedBy: id(96) });
    },
  },
  // Withdrawals: trading account -> issuer's escrow -> account, and back.
  'a withdrawal that is never answered': {
    invariant: 'S3',
    names: ['market position', trading(startup), refusedWithdrawal, 'overdue'],
    plant: (story) => {
      drop(story.issuance, 'issuance.withdrawal-refused');
      drop(story.market, 'market.withdrawal-reverted');
    },
  },
  'a withdrawal settled with less': {
    invariant: 'S3',
    names: ['issuance position', trading(investor), withdrawal, '10.000000', '9.000000'],
    plant: (story) => {
      const quantity = '9.000000';
      const like = { movementId: withdrawal };
      const lots = [{ lotId: id(50), quantity, lockupEndsAt: null }];
      const draws = [{ lotId: id(50), quantity }];
      change(story.issuance, 'issuance.tokens-sent', { quantity, draws }, like);
      change(story.issuance, 'issuance.tokens-received', { quantity, lots }, like);
      change(story.issuance, 'issuance.withdrawal-settled', { quantity });
    },
  },
  'a withdrawal settled for another party': {
    invariant: 'S3',
    names: ['issuance position', trading(startup), withdrawal, 'unfounded'],
    plant: (story) => {
      const like = { movementId: withdrawal };
      const account = { accountId: startupAccount, partyId: startup };
      change(story.issuance, 'issuance.tokens-sent', { counterPartyId: startup }, like);
      change(story.issuance, 'issuance.tokens-received', account, like);
      change(story.issuance, 'issuance.withdrawal-settled', { partyId: startup });
    },
  },
  'a withdrawal stated as settled that moves less': {
    invariant: 'S1',
    names: ['issuance position', investorAccount, withdrawal, '9.000000 stated'],
    plant: (story) =>
      change(story.issuance, 'issuance.withdrawal-settled', { quantity: '9.000000' }),
  },
  'a withdrawal settled twice': {
    invariant: 'S3',
    names: ['issuance position', trading(investor), withdrawal, '2 times'],
    plant: (story) => repeat(story.issuance, 'issuance.withdrawal-settled'),
  },
  'a settled withdrawal that the market never ends': {
    invariant: 'S3',
    names: ['issuance position', trading(investor), withdrawal, 'overdue'],
    plant: ({ market }) => drop(market, 'market.withdrawal-completed'),
  },
  'a refused withdrawal that the market completes': {
    invariant: 'S3',
    names: ['market position', trading(startup), refusedWithdrawal, 'refused'],
    plant: ({ market }) =>
      retype(market, ['market.withdrawal-reverted', 'market.withdrawal-completed'], {}),
  },
  'a settled withdrawal that the market gives back': {
    invariant: 'S3',
    names: ['market position', trading(investor), withdrawal, 'done'],
    plant: ({ market }) =>
      retype(
        market,
        ['market.withdrawal-completed', 'market.withdrawal-reverted'],
        {},
        {
          reason: 'account_unknown',
        },
      ),
  },
};
