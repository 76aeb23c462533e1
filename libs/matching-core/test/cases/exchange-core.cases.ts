import type { Suite } from './play.js';

/** exchange-core's book tests; its prices divided by ten to fit the book of the cases. */
const BOOK = `1a al sell 100 @8160
  2a al sell 50 @8159
  3a al sell 25 @8159
  8a al sell 28 @9700
  9a al sell 32 @9700
  10a al sell 10 @9695
  4b al buy 40 @8158
  5b al buy 20 @8157
  6b al buy 1 @8157
  7b al buy 20 @8120
  11b al buy 12 @1000
  12b al buy 1 @1000
  13b al buy 2 @913`;
const ASKS = '= asks 75@8159 100@8160 10@9695 60@9700';
const BIDS = '= bids 40@8158 21@8157 20@8120 13@1000 2@913';

export const exchangeCore: readonly Suite[] = [
  {
    name: 'exchange-core OrderBookBaseTest',
    prelude: BOOK,
    cases: [
      [
        'shouldInitializeWithoutErrors',
        'the book stands',
        `${ASKS}
        ${BIDS}`,
      ],
      [
        'shouldAddGtcOrders',
        'new orders join or make levels',
        `a al sell 1 @8159
        b al buy 9 @8158
        c al sell 13 @9800
        d al buy 4 @900
        = asks 76@8159 100@8160 10@9695 60@9700 13@9800
        = bids 49@8158 21@8157 20@8120 13@1000 2@913 4@900`,
      ],
      [
        'shouldIgnoredDuplicateOrder',
        'a duplicate id is refused',
        `x=1 al sell 100 @8160
        > reject duplicate_order_id
        ${ASKS}`,
      ],
      [
        'shouldRemoveBidOrder',
        'a bid is removed',
        `cancel 5b
        > cancel 5b 20 requested
        = bids 40@8158 1@8157 20@8120 13@1000 2@913`,
      ],
      [
        'shouldRemoveAskOrder',
        'an ask is removed',
        `cancel 2a
        > cancel 2a 50 requested
        = asks 25@8159 100@8160 10@9695 60@9700`,
      ],
      [
        'shouldReduceBidOrder',
        'a bid is reduced in place',
        `replace 5b 17 @8157
        > replace 5b 17@8157 kept
        = bids 40@8158 18@8157 20@8120 13@1000 2@913
        = queue @8157 5b 6b`,
      ],
      [
        'shouldReduceAskOrder',
        'reducing all of an order removes it',
        `t bo buy 75 @8159
        > trade 2a t 50@8159
        > trade 3a t 25@8159
        u bo buy 40 @8160
        > trade 1a u 40@8160
        replace 1a 40 @8160
        > replace 1a 0@8160 moved
        = asks 10@9695 60@9700`,
      ],
      [
        'shouldRemoveOrderAndEmptyBucket',
        'the last cancel removes the level',
        `cancel 2a
        > cancel 2a 50 requested
        cancel 3a
        > cancel 3a 25 requested
        = asks 100@8160 10@9695 60@9700`,
      ],
      [
        'shouldReturnErrorWhenDeletingUnknownOrder',
        'an unknown order cannot be cancelled',
        `cancel #5291 by al
        > reject unknown_order
        ${ASKS}`,
      ],
      [
        'shouldReturnErrorWhenDeletingOtherUserOrder',
        "another's order cannot be cancelled",
        `cancel 3a by bo
        > reject unknown_order
        ${ASKS}`,
      ],
      [
        'shouldReturnErrorWhenUpdatingOtherUserOrder',
        "another's order cannot be moved",
        `replace 2a 50 @100 by bo
        > reject unknown_order
        replace 8a 28 @100 by bo
        > reject unknown_order
        ${ASKS}`,
      ],
      [
        'shouldReturnErrorWhenUpdatingUnknownOrder',
        'an unknown order cannot be moved',
        `replace #2433 5 @300 by al
        > reject unknown_order
        ${ASKS}`,
      ],
      [
        'shouldReturnErrorWhenReducingUnknownOrder',
        'an unknown order cannot be reduced',
        `replace #3000 1 @8159 by bo
        > reject unknown_order`,
      ],
      [
        'shouldReturnErrorWhenReducingByZeroOrNegativeSize',
        'a size that is none is refused',
        `replace 4b 0 @8158
        > reject quantity_out_of_range
        replace 8a -1 @9700
        > reject malformed_command
        ${BIDS}`,
      ],
      [
        'shouldReturnErrorWhenReducingOtherUserOrder',
        "another's order cannot be reduced",
        `replace 8a 3 @9700 by bo
        > reject unknown_order`,
      ],
      [
        'shouldMoveOrderExistingBucket',
        'a moved order joins the tail of a level',
        `replace 7b 20 @8157
        > replace 7b 20@8157 moved
        = bids 40@8158 41@8157 13@1000 2@913
        = queue @8157 5b 6b 7b`,
      ],
      [
        'shouldMoveOrderNewBucket',
        'a moved order makes a level',
        `replace 7b 20 @8155
        > replace 7b 20@8155 moved
        = bids 40@8158 21@8157 20@8155 13@1000 2@913`,
      ],
      [
        'shouldMatchIocOrderPartialBBO',
        'IOC takes part of the best',
        `t bo sell 10 @1 ioc
        > trade 4b t 10@8158
        = bids 30@8158 21@8157 20@8120 13@1000 2@913`,
      ],
      [
        'shouldMatchIocOrderFullBBO',
        'IOC takes all of the best',
        `t bo sell 40 @1 ioc
        > trade 4b t 40@8158
        = bids 21@8157 20@8120 13@1000 2@913`,
      ],
      [
        'shouldMatchIocOrderWithTwoLimitOrdersPartial',
        'IOC takes the best and a part of the next',
        `t bo sell 41 @1 ioc
        > trade 4b t 40@8158
        > trade 5b t 1@8157
        = order 4b gone
        = order 5b cum 1 leaves 19`,
      ],
      [
        'shouldMatchIocOrderFullLiquidity',
        'IOC takes two levels',
        `t bo buy 175 @9999 ioc
        > trade 2a t 50@8159
        > trade 3a t 25@8159
        > trade 1a t 100@8160
        = asks 10@9695 60@9700`,
      ],
      [
        'shouldMatchIocOrderWithRejection',
        'IOC takes everything and its rest is cancelled',
        `t bo buy 270 @9999 ioc
        > trade 2a t 50@8159
        > trade 3a t 25@8159
        > trade 1a t 100@8160
        > trade 10a t 10@9695
        > trade 8a t 28@9700
        > trade 9a t 32@9700
        > cancel t 25 ioc_remainder
        = asks -`,
      ],
      [
        'shouldFullyMatchMarketableGtcOrder',
        'a marketable GTC fills',
        `t bo buy 1 @8159
        > trade 2a t 1@8159
        = asks 74@8159 100@8160 10@9695 60@9700`,
      ],
      [
        'shouldPartiallyMatchMarketableGtcOrderAndPlace',
        'a marketable GTC fills in part and rests',
        `t bo buy 77 @8159
        > trade 2a t 50@8159
        > trade 3a t 25@8159
        = bids 2@8159 40@8158 21@8157 20@8120 13@1000 2@913`,
      ],
      [
        'shouldFullyMatchMarketableGtcOrder2Prices',
        'a marketable GTC fills at two prices',
        `t bo buy 77 @8160
        > trade 2a t 50@8159
        > trade 3a t 25@8159
        > trade 1a t 2@8160
        = asks 98@8160 10@9695 60@9700`,
      ],
      [
        'shouldFullyMatchMarketableGtcOrderWithAllLiquidity',
        'a GTC takes the whole side and rests',
        `t bo buy 1000 @9999
        > trade 2a t 50@8159
        > trade 3a t 25@8159
        > trade 1a t 100@8160
        > trade 10a t 10@9695
        > trade 8a t 28@9700
        > trade 9a t 32@9700
        = asks -
        = bids 755@9999 40@8158 21@8157 20@8120 13@1000 2@913`,
      ],
      [
        'shouldMoveOrderFullyMatchAsMarketable',
        'a move to a marketable price fills',
        `x bo buy 20 @8120
        replace x 20 @8159
        > replace x 20@8159 moved
        > trade 2a x 20@8159
        = asks 55@8159 100@8160 10@9695 60@9700`,
      ],
      [
        'shouldMoveOrderFullyMatchAsMarketable2Prices',
        'a move fills at two prices',
        `x bo buy 100 @8150
        replace x 100 @8160
        > replace x 100@8160 moved
        > trade 2a x 50@8159
        > trade 3a x 25@8159
        > trade 1a x 25@8160
        = asks 75@8160 10@9695 60@9700`,
      ],
      [
        'shouldMoveOrderMatchesAllLiquidity',
        'a move takes the whole side and the rest stays',
        `x bo buy 250 @8150
        replace x 250 @9999
        > replace x 250@9999 moved
        > trade 2a x 50@8159
        > trade 3a x 25@8159
        > trade 1a x 100@8160
        > trade 10a x 10@9695
        > trade 8a x 28@9700
        > trade 9a x 32@9700
        = asks -
        = order x cum 245 leaves 5`,
      ],
    ],
  },
];
