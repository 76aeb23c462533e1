import {
  capture,
  firstCapture,
  massCancelled,
  refusedReservation,
  reservation,
  secondCapture,
  secondReservation,
} from './long-story.js';
import { tradingAccount as trading, type Loss } from './loss.js';
import {
  deal,
  id,
  investor,
  investorAccount,
  issuance,
  provider,
  shareClass,
  startup,
  startupAccount,
  tranche,
  treasury,
} from './story-parts.js';
import { change, drop, dropCommand, repeat, retype } from './tamper.js';

/** Losses of what was promised: holds, captures, tranches, shares, cash. */
export const promiseLosses: Readonly<Record<string, Loss>> = {
  // Redemptions: request -> hold -> captures -> release.
  'a redemption that is never answered': {
    invariant: 'S6',
    names: ['metering position', trading(startup), refusedReservation, 'overdue'],
    plant: (story) => {
      drop(story.issuance, 'issuance.hold-refused');
      drop(story.metering, 'metering.reservation-refused');
    },
  },
  'a hold of less than was confirmed': {
    invariant: 'S6',
    names: ['metering position', trading(startup), secondReservation, '5.000000', '6.000000'],
    plant: (story) => {
      const like = { holdId: secondReservation };
      const draws = [{ lotId: id(50), quantity: '5.000000' }];
      change(story.issuance, 'issuance.tokens-held', { quantity: '5.000000', draws }, like);
      change(story.issuance, 'issuance.hold-released', { quantity: '2.000000' }, like);
      change(
        story.metering,
        'metering.redemption-requested',
        { quantity: '5.000000' },
        { reservationId: secondReservation },
      );
    },
  },
  'a reservation confirmed though its hold was refused': {
    invariant: 'S6',
    names: ['metering position', trading(startup), refusedReservation, 'refused'],
    plant: (story) =>
      retype(
        story.metering,
        ['metering.reservation-refused', 'metering.reservation-confirmed'],
        {},
        { held: '9000.000000' },
      ),
  },
  'a capture that is skipped while later ones are burned': {
    invariant: 'S6',
    names: ['metering position', trading(startup), firstCapture, 'overtaken'],
    plant: (story) => {
      drop(story.issuance, 'issuance.hold-captured', { captureId: firstCapture });
      change(
        story.issuance,
        'issuance.hold-released',
        { quantity: '4.000000' },
        { holdId: secondReservation },
      );
    },
  },
  'the last capture, skipped': {
    invariant: 'S6',
    names: ['metering position', trading(startup), secondCapture, 'overdue'],
    plant: (story) => {
      drop(story.issuance, 'issuance.hold-captured', { captureId: secondCapture });
      drop(story.issuance, 'issuance.hold-released', { holdId: secondReservation });
    },
  },
  'a capture burned twice': {
    invariant: 'S6',
    names: ['issuance position', startupAccount, firstCapture, '2 times'],
    plant: (story) => {
      change(
        story.issuance,
        'issuance.hold-released',
        { quantity: '2.000000' },
        { holdId: secondReservation },
      );
      repeat(story.issuance, 'issuance.hold-captured', { captureId: firstCapture });
    },
  },
  'a capture burned in part': {
    invariant: 'S6',
    names: ['issuance position', startupAccount, secondCapture, '2.000000', '1.500000'],
    plant: (story) => {
      const like = { holdId: secondReservation };
      change(
        story.issuance,
        'issuance.hold-captured',
        { quantity: '1.500000' },
        { captureId: secondCapture },
      );
      change(story.issuance, 'issuance.hold-released', { quantity: '3.500000' }, like);
    },
  },
  'a burn that the meter never captured': {
    invariant: 'S6',
    names: ['issuance position', startupAccount, id(97), 'unfounded'],
    plant: (story) =>
      change(
        story.issuance,
        'issuance.hold-captured',
        { captureId: id(97) },
        { captureId: capture },
      ),
  },
  'a capture from the hold of another reservation': {
    invariant: 'S6',
    names: ['issuance position', startupAccount, secondCapture, reservation],
    plant: (story) =>
      change(
        story.issuance,
        'issuance.hold-captured',
        { holdId: reservation },
        { captureId: secondCapture },
      ),
  },
  'a hold that is never released': {
    invariant: 'S6',
    names: ['metering position', trading(startup), secondReservation, 'overdue', '3.000000'],
    plant: (story) => drop(story.issuance, 'issuance.hold-released', { holdId: secondReservation }),
  },
  'a release of less than the meter gave back': {
    invariant: 'S6',
    names: ['issuance position', startupAccount, secondReservation, '2.000000'],
    plant: (story) =>
      change(
        story.issuance,
        'issuance.hold-released',
        { quantity: '2.000000' },
        { holdId: secondReservation },
      ),
  },
  'a closing that states less than was captured': {
    invariant: 'S6',
    names: ['metering position', secondReservation, '3.000000 captured (2.000000 stated)'],
    plant: (story) =>
      change(
        story.metering,
        'metering.reservation-closed',
        { captured: '2.000000' },
        { reservationId: secondReservation },
      ),
  },
  'usage that is charged and never captured': {
    invariant: 'S6',
    names: ['metering position', secondReservation],
    plant: (story) => drop(story.metering, 'metering.slice-captured', { captureId: secondCapture }),
  },
  'usage charged for parts of GPUs that nobody used': {
    invariant: 'S6',
    names: ['metering position', secondReservation, 'later-1'],
    plant: (story) =>
      change(
        story.metering,
        'metering.usage-charged',
        { fraction7000: 3500 },
        { recordId: 'later-1' },
      ),
  },
  'a slice of less than its usage, below what rounding shows': {
    invariant: 'S6',
    names: ['metering position', secondReservation, 'not the sum of its usage records'],
    plant: (story) =>
      change(
        story.metering,
        'metering.slice-captured',
        { atoms: '50399999999999', atomsCumulative: '75599999999999' },
        { captureId: secondCapture },
      ),
  },
  // Tranches: owed -> granted -> accepted -> shares.
  'a tranche granted with less': {
    invariant: 'S5',
    names: ['issuance position', trading(startup), tranche, '100.000000', '90.000000'],
    plant: (story) => {
      const quantity = '90.000000';
      const like = { movement: 'grant' };
      const lots = [{ lotId: id(50), quantity, lockupEndsAt: null }];
      const draws = [{ lotId: id(50), quantity }];
      change(story.issuance, 'issuance.tokens-sent', { quantity, draws }, like);
      change(story.issuance, 'issuance.tokens-received', { quantity, lots }, like);
      change(story.issuance, 'issuance.tokens-granted', { quantity });
    },
  },
  'a tranche granted to another party': {
    invariant: 'S5',
    names: ['issuance position', trading(investor), tranche],
    plant: (story) => {
      const like = { movement: 'grant' };
      const account = { accountId: investorAccount, partyId: investor };
      change(story.issuance, 'issuance.tokens-sent', { counterPartyId: investor }, like);
      change(story.issuance, 'issuance.tokens-received', account, like);
      change(story.issuance, 'issuance.tokens-granted', { toPartyId: investor });
    },
  },
  'a tranche opened and never answered': {
    invariant: 'S5',
    names: ['deals position', trading(startup), tranche, 'overdue'],
    plant: (story) => {
      dropCommand(story.issuance, 'issuance.tokens-granted');
      drop(story.deals, 'deals.tranche-delivered');
    },
  },
  'a grant that the deal never hears of': {
    invariant: 'S5',
    names: ['deals position', tranche, 'never delivered'],
    plant: (story) => drop(story.deals, 'deals.tranche-delivered'),
  },
  'a tranche accepted without its shares': {
    invariant: 'S5',
    names: ['deals position', tranche],
    plant: (story) => drop(story.deals, 'deals.shares-issued', { cause: 'tranche' }),
  },
  'shares of a tranche for somebody else': {
    invariant: 'S5',
    names: ['deals position', tranche, issuance, provider],
    plant: (story) =>
      change(story.deals, 'deals.shares-issued', { holderPartyId: investor }, { cause: 'tranche' }),
  },
  'more shares than the tranche pays for': {
    invariant: 'S5',
    names: ['deals position', tranche, issuance],
    plant: (story) =>
      change(story.deals, 'deals.shares-issued', { shares: '101' }, { cause: 'tranche' }),
  },
  'shares beyond what is authorised': {
    invariant: 'S5',
    names: ['deals position', shareClass, '900 shares, 899 authorised'],
    plant: (story) => change(story.deals, 'deals.share-class-authorised', { authorised: '899' }),
  },
  'promised shares beyond what is authorised': {
    invariant: 'S5',
    names: ['deals position', shareClass, '900 shares and 100 reserved, 999 authorised'],
    plant: (story) => change(story.deals, 'deals.share-class-authorised', { authorised: '999' }),
  },
  'a deal that is not completed with its last tranche': {
    invariant: 'S5',
    names: ['deals position', deal],
    plant: (story) => drop(story.deals, 'deals.deal-completed'),
  },
  'cash credited twice by one command': {
    invariant: 'S9',
    names: ['market position', 'has a second effect'],
    plant: ({ market }) => repeat(market, 'market.cash-deposited', {}, { keepsId: true }),
  },
  'a trade that pays the seller less than the buyer pays': {
    invariant: 'S4',
    names: ['market position'],
    plant: ({ market }) => change(market, 'market.trade-executed', { notional: 19_999_999 }),
  },
  'a trade below the price of the resting order': {
    invariant: 'S4',
    names: ['market position', id(35), '19000 ticks'],
    plant: ({ market }) =>
      change(market, 'market.trade-executed', { priceTicks: 19_000, notional: 19_000_000 }),
  },
  'an order that outlives the cancel of all orders of its party': {
    invariant: 'S7',
    names: ['market position', massCancelled[1] ?? '', 'stays open'],
    plant: ({ market }) =>
      drop(market, 'market.order-cancelled', { orderId: massCancelled[1] ?? '' }),
  },
  'an order cancelled beyond the number that is said': {
    invariant: 'S9',
    names: ['market position', '1 orders are said to be cancelled, 2 are'],
    plant: ({ market }) => change(market, 'market.orders-mass-cancelled', { orderCount: 1 }),
  },
  'more tokens sent than the account has': {
    invariant: 'S7',
    names: ['issuance position', treasury],
    plant: (story) => {
      change(
        story.issuance,
        'issuance.tokens-received',
        {
          quantity: '50.000000',
          lots: [{ lotId: id(50), quantity: '50.000000', lockupEndsAt: null }],
        },
        { movement: 'mint' },
      );
      change(story.issuance, 'issuance.tokens-minted', { quantity: '50.000000' });
    },
  },
};
