import type { Suite } from './play.js';

/** Acceptance criteria of the Vega protocol's matching engine (MATC), in our own words. */
export const vegaMatching: Suite = {
  name: 'Vega MATC',
  cases: [
    [
      '0068-MATC-001',
      'a market order is matched against the other side',
      `m al sell 5 @100
       t bo buy 3 market
       > trade m t 3@100`,
    ],
    [
      '0068-MATC-002',
      'what a market order cannot fill is cancelled',
      `m al sell 5 @100
       t bo buy 9 market
       > trade m t 5@100
       > cancel t 4 no_liquidity`,
    ],
    [
      '0068-MATC-003',
      'an IOC limit is matched against the other side',
      `m al sell 5 @100
       t bo buy 5 @100 ioc
       > trade m t 5@100`,
    ],
    [
      '0068-MATC-004',
      'an IOC limit without a match is cancelled',
      `m al sell 5 @100
       t bo buy 5 @99 ioc
       > cancel t 5 ioc_remainder`,
    ],
    [
      '0068-MATC-005',
      'the rest of a part-matched IOC limit is cancelled',
      `m al sell 5 @100
       t bo buy 9 @100 ioc
       > trade m t 5@100
       > cancel t 4 ioc_remainder`,
    ],
    [
      '0068-MATC-057',
      'a post-only IOC is refused',
      `t bo buy 9 @100 ioc post
       > reject combination_invalid`,
    ],
    [
      '0068-MATC-008',
      'a FOK market order fills fully or not at all',
      `m al sell 5 @100
       t bo buy 6 market fok
       > cancel t 6 fok_unfillable
       u bo buy 5 market fok
       > trade m u 5@100`,
    ],
    [
      '0068-MATC-009',
      'a FOK limit fills fully if it can',
      `m al sell 5 @100
       n al sell 5 @101
       t bo buy 8 @101 fok
       > trade m t 5@100
       > trade n t 3@101`,
    ],
    [
      '0068-MATC-010',
      'a FOK limit that cannot fill does not trade at all',
      `m al sell 5 @100
       n al sell 5 @101
       t bo buy 8 @100 fok
       > cancel t 8 fok_unfillable
       = asks 5@100 5@101`,
    ],
    [
      '0068-MATC-039',
      'a post-only FOK is refused',
      `t bo buy 9 @100 fok post
       > reject combination_invalid`,
    ],
    [
      '0068-MATC-013',
      'a market order that would rest is refused',
      `t bo buy 9 market gtc
       > reject combination_invalid
       u bo buy 9 market day
       > reject combination_invalid`,
    ],
    [
      '0068-MATC-014',
      'a GTC limit matches and its rest goes on the book',
      `m al sell 5 @100
       t bo buy 9 @100
       > trade m t 5@100
       = bids 4@100`,
    ],
    [
      '0068-MATC-040',
      'a post-only order that crosses nothing goes on the book',
      `m al sell 5 @100
       t bo buy 9 @99 post
       = bids 9@99`,
    ],
    [
      '0068-MATC-041',
      'a post-only order that crosses wholly is stopped',
      `m al sell 5 @100
       t bo buy 5 @100 post
       > reject post_only_would_take
       = asks 5@100`,
    ],
    [
      '0068-MATC-042',
      'a post-only order that crosses in part is stopped whole',
      `m al sell 5 @100
       t bo buy 9 @100 post
       > reject post_only_would_take
       = bids -`,
    ],
    [
      '0068-MATC-018',
      'the market leaves continuous trading when an order reaches the dynamic band',
      `bands 0 0 100000 100
       m al sell 5 @110
       t bo buy 9 @110
       > trade m t 5@110
       > phase limit_state
       = phase limit_state`,
    ],
    [
      '0068-MATC-019',
      'a self-trade is prevented: aggressor stopped, passive side untouched',
      `m al sell 5 @100
       t al buy 5 @100
       > prevent m t 5
       > cancel t 5 self_trade
       = asks 5@100`,
    ],
    [
      '0068-MATC-019b',
      'fills before the self-trade stay',
      `n bo sell 2 @99
       m al sell 5 @100
       t al buy 5 @100
       > trade n t 2@99
       > prevent m t 3
       > cancel t 3 self_trade
       = fix t 4 4 2 0`,
    ],
    [
      '0068-MATC-021',
      'a closed market refuses orders',
      `phase closed
       t al buy 5 @100
       > reject phase_refuses_orders`,
    ],
    [
      '0068-MATC-023',
      'in an auction limit orders are placed and nothing matches',
      `phase opening_auction
       m al sell 5 @100
       t bo buy 5 @100
       = asks 5@100
       = bids 5@100`,
    ],
    [
      '0068-MATC-055',
      'in an auction post-only orders are placed and nothing matches',
      `phase opening_auction
       m al sell 5 @100
       t bo buy 5 @100 post
       = bids 5@100`,
    ],
    [
      '0068-MATC-024',
      'the indicative price and volume follow the book',
      `phase opening_auction
       m al sell 5 @100
       indicate
       > auction 0@0 0
       t bo buy 3 @100
       indicate
       > auction 3@100 -2
       u bo buy 9 @101
       indicate
       > auction 5@101 4`,
    ],
    [
      '0068-MATC-028',
      'entering an auction leaves GTC and GTD orders untouched',
      `a al sell 5 @100
       b bo buy 5 @99 till 9
       phase reopening_auction
       = asks 5@100
       = bids 5@99`,
    ],
    [
      '0068-MATC-029',
      'leaving an auction uncrosses the book',
      `phase opening_auction
       m al sell 5 @100
       t bo buy 5 @100
       phase continuous
       > auction 5@100 0
       > trade m t 5@100`,
    ],
    [
      '0068-MATC-030',
      'self-trading may be allowed while uncrossing',
      `phase opening_auction
       m al sell 5 @100 none
       t al buy 5 @100 none
       phase continuous
       > auction 5@100 0
       > trade m t 5@100`,
    ],
    [
      '0068-MATC-033',
      'every live order can be cancelled',
      `a al buy 5 @100
       b al sell 5 stop 90
       cancel a
       > cancel a 5 requested
       cancel b
       > cancel b 5 requested`,
    ],
    [
      '0068-MATC-034',
      'the price of a live order can be updated',
      `a al buy 5 @100
       replace a 5 @101
       > replace a 5@101 moved
       = bids 5@101`,
    ],
    [
      '0068-MATC-035',
      'the size of a live order can be updated',
      `a al buy 5 @100
       replace a 9 @100
       > replace a 9@100 moved
       replace a 2 @100
       > replace a 2@100 kept
       = bids 2@100`,
    ],
    [
      '0068-MATC-037',
      'an order that is not live cannot be updated',
      `a al buy 5 @100
       m bo sell 5 @100
       > trade a m 5@100
       replace a 9 @100
       > reject too_late
       b al buy 5 @100
       cancel b
       > cancel b 5 requested
       replace b 9 @100
       > reject too_late
       c al buy 5 @100 till 3
       time 3
       > cancel c 5 expired_time
       replace c 9 @100
       > reject too_late`,
    ],
    [
      '0068-MATC-038',
      'an uncrossing nets own orders when a mode is set',
      `phase opening_auction
       m al sell 5 @100
       t al buy 5 @100
       phase continuous
       > auction 5@100 0
       > prevent m t 5
       > cancel m 5 self_trade
       > cancel t 5 self_trade`,
    ],
  ],
};
