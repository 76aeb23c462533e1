import { bothSides } from './mirror.js';
import type { Suite } from './play.js';

/** CoinTossX: its golden files by folder and number. */
const uncross: Suite = {
  name: 'CoinTossX uncross',
  cases: [
    ...bothSides(
      'limitOrder 1',
      'limitOrder 7',
      'into an empty book',
      `a al buy 10 @100
      = bids 10@100`,
    ),
    ...bothSides(
      'limitOrder 2',
      'limitOrder 8',
      'at another price',
      `a al buy 10 @100
      b al buy 10 @99
      = bids 10@100 10@99`,
    ),
    ...bothSides(
      'limitOrder 3',
      'limitOrder 9',
      'at an existing price',
      `a al buy 10 @100
      b al buy 10 @100
      = bids 20@100
      = queue @100 a b`,
    ),
    ...bothSides(
      'limitOrder 4',
      'limitOrder 10',
      'beside the other side',
      `a al sell 10 @101
      b bo buy 10 @100
      = bids 10@100
      = asks 10@101`,
    ),
    ...bothSides(
      'limitOrder 5',
      'limitOrder 11',
      'at the price of the other side',
      `a al sell 10 @100
      b bo buy 10 @100
      > trade a b 10@100`,
    ),
    ...bothSides(
      'limitOrder 6',
      'limitOrder 12',
      'time decides among equals',
      `a al sell 10 @100
      b al sell 10 @100
      c bo buy 15 @100
      > trade a c 10@100
      > trade b c 5@100`,
    ),
    ...bothSides(
      'marketOrder 1',
      'marketOrder 2',
      'a market order in an empty book expires',
      `a al buy 10 market
      > cancel a 10 no_liquidity`,
    ),
    ...bothSides(
      'marketOrder 3',
      'marketOrder 4',
      'a market order is filled',
      `a al sell 10 @100
      b bo buy 10 market
      > trade a b 10@100`,
    ),
    ...bothSides(
      'marketOrder 5',
      'marketOrder 6',
      'a market order is filled in part and expires',
      `a al sell 10 @100
      b bo buy 15 market
      > trade a b 10@100
      > cancel b 5 no_liquidity`,
    ),
    ...bothSides(
      'stopOrder 1',
      'stopOrder 2',
      'a stop in an empty book waits',
      `a al buy 10 stop 100
      = stops a`,
    ),
    ...bothSides(
      'stopOrder 3',
      'stopOrder 4',
      'without a last trade a stop waits',
      `m bo sell 10 @100
      a al buy 10 stop 90
      = stops a`,
    ),
    ...bothSides(
      'stopOrder 5',
      'stopOrder 6',
      'a trade triggers the stop',
      `m bo sell 10 @100
      n bo sell 10 @101
      a al buy 10 stop 100
      t cy buy 10 @100
      > trade m t 10@100
      > trigger a
      > trade n a 10@101`,
    ),
    ...bothSides(
      'stopOrder 7',
      'stopOrder 8',
      'a stop at the last price triggers at entry',
      `m bo sell 20 @100
      t cy buy 10 @100
      > trade m t 10@100
      a al buy 10 stop 100
      > trigger a
      > trade m a 10@100`,
    ),
    ...bothSides(
      'stopOrder 9',
      'stopOrder 10',
      'the stop farthest passed triggers first',
      `a al buy 1 stop 104
      b al buy 1 stop 102
      m bo sell 9 @105
      t cy buy 1 @105
      > trade m t 1@105
      > trigger b
      > trade m b 1@105
      > trigger a
      > trade m a 1@105`,
    ),
    ...bothSides(
      'stopOrder 11',
      'stopOrder 12',
      'of equal stops the oldest triggers first',
      `a al buy 1 stop 104
      b al buy 1 stop 104
      m bo sell 9 @105
      t cy buy 1 @105
      > trade m t 1@105
      > trigger a
      > trade m a 1@105
      > trigger b
      > trade m b 1@105`,
    ),
    ...bothSides(
      'stopLimitOrder 1',
      'stopLimitOrder 2',
      'a stop limit in an empty book waits',
      `a al buy 10 stop 100 @101
      = stops a`,
    ),
    ...bothSides(
      'stopLimitOrder 3',
      'stopLimitOrder 4',
      'without a last trade a stop limit waits',
      `m bo sell 10 @100
      a al buy 10 stop 90 @101
      = stops a`,
    ),
    ...bothSides(
      'stopLimitOrder 5',
      'stopLimitOrder 6',
      'a trade triggers the stop limit',
      `m bo sell 10 @100
      n bo sell 10 @101
      a al buy 15 stop 100 @101
      t cy buy 10 @100
      > trade m t 10@100
      > trigger a
      > trade n a 10@101
      = bids 5@101`,
    ),
    ...bothSides(
      'stopLimitOrder 7',
      'stopLimitOrder 8',
      'a stop limit at the last price triggers at entry',
      `m bo sell 20 @100
      t cy buy 10 @100
      > trade m t 10@100
      a al buy 15 stop 100 @100
      > trigger a
      > trade m a 10@100
      = bids 5@100`,
    ),
    ...bothSides(
      'stopLimitOrder 9',
      'stopLimitOrder 10',
      'the stop limit farthest passed triggers first',
      `a al buy 1 stop 104 @106
      b al buy 1 stop 102 @106
      m bo sell 1 @105
      t cy buy 1 @105
      > trade m t 1@105
      > trigger b
      > trigger a
      = queue @106 b a`,
    ),
    ...bothSides(
      'stopLimitOrder 11',
      'stopLimitOrder 12',
      'of equal stop limits the oldest triggers first',
      `a al buy 1 stop 104 @106
      b al buy 1 stop 104 @106
      m bo sell 1 @105
      t cy buy 1 @105
      > trade m t 1@105
      > trigger a
      > trigger b
      = queue @106 a b`,
    ),
  ],
};

const cancelAndReplace: Suite = {
  name: 'CoinTossX cancelOrder and replaceOrder',
  cases: [
    [
      'cancelOrder 1, 2',
      'a cancel in an empty book is refused',
      `cancel #1 by al
      > reject unknown_order`,
    ],
    ...bothSides(
      'cancelOrder 3',
      'cancelOrder 4',
      'a limit order is removed',
      `a al buy 10 @100
      cancel a
      > cancel a 10 requested
      = bids -`,
    ),
    ...bothSides(
      'cancelOrder 5',
      'cancelOrder 6',
      'a stop is removed',
      `a al buy 10 stop 100
      cancel a
      > cancel a 10 requested
      = stops -`,
    ),
    ...bothSides(
      'cancelOrder 7',
      'cancelOrder 8',
      'a stop limit is removed',
      `a al buy 10 stop 100 @101
      cancel a
      > cancel a 10 requested
      = stops -`,
    ),
    ...bothSides(
      'cancelOrder 9',
      'cancelOrder 10',
      'an order with hidden quantity is removed',
      `a al buy 10 @100 peak 1
      cancel a
      > cancel a 10 requested
      = bids -`,
    ),
    [
      'replaceOrder 1, 2',
      'a replace in an empty book is refused',
      `replace #1 5 @100 by al
      > reject unknown_order`,
    ],
    ...bothSides(
      'replaceOrder 3',
      'replaceOrder 6',
      'a quantity is replaced',
      `a al buy 10 @100
      replace a 5 @100
      > replace a 5@100 kept
      = bids 5@100`,
    ),
    ...bothSides(
      'replaceOrder 9',
      'replaceOrder 10',
      'a larger quantity enters the book as a new order',
      `a al buy 10 @100
      b al buy 10 @100
      replace a 15 @100
      > replace a 15@100 moved
      = queue @100 b a`,
    ),
    ...bothSides(
      'replaceOrder 11',
      'replaceOrder 12',
      'a new price enters the book as a new order and may take',
      `m bo sell 10 @101
      a al buy 10 @100
      replace a 10 @101
      > replace a 10@101 moved
      > trade m a 10@101`,
    ),
    ...bothSides(
      'replaceOrder 13',
      'replaceOrder 17',
      'a hidden quantity is replaced',
      `a al buy 10 @100 peak 2
      replace a 5 @100
      > replace a 5@100 kept
      = order a cum 0 leaves 5 shown 2`,
    ),
    ...bothSides(
      'replaceOrder 21',
      'replaceOrder 22',
      'a larger hidden quantity enters as a new order',
      `a al buy 10 @100 peak 2
      b al buy 1 @100
      replace a 15 @100
      > replace a 15@100 moved
      = queue @100 b a`,
    ),
    ...bothSides(
      'replaceOrder 23',
      'replaceOrder 24',
      'a new price of a hidden order may take',
      `m bo sell 3 @101
      a al buy 10 @100 peak 2
      replace a 10 @101
      > replace a 10@101 moved
      > trade m a 3@101
      = order a cum 3 leaves 7 shown 2`,
    ),
    ...bothSides(
      'replaceOrder 25',
      'replaceOrder 26',
      'the limit of a stop limit is replaced',
      `a al buy 10 stop 100 @101
      replace a 10 @102 stop 100
      > replace a 10@102 moved
      = stops a`,
    ),
    ...bothSides(
      'replaceOrder 27',
      'replaceOrder 30',
      'the quantity of a stop is replaced in its place',
      `a al buy 10 stop 100
      b al buy 10 stop 100
      replace a 5 stop 100
      > replace a 5@0 kept
      = stops a b`,
    ),
    ...bothSides(
      'replaceOrder 35',
      'replaceOrder 36',
      'a new stop price may trigger',
      `m bo sell 20 @100
      t cy buy 10 @100
      > trade m t 10@100
      a al buy 5 stop 105 @106
      replace a 5 @106 stop 100
      > replace a 5@106 moved
      > trigger a
      > trade m a 5@100`,
    ),
  ],
};

export const coinTossX: readonly Suite[] = [uncross, cancelAndReplace];
