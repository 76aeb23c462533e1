import type { Suite } from './play.js';

/** Acceptance criteria of the Vega protocol's order status (OSTA), in our own words. */
export const vegaOrderStatus: Suite = {
  name: 'Vega OSTA',
  cases: [
    [
      '0024-OSTA-001a',
      'FOK not filled is stopped',
      `t al buy 5 @100 fok
       > cancel t 5 fok_unfillable
       = fix t 4 4 0 0`,
    ],
    [
      '0024-OSTA-001b',
      'FOK filled is filled',
      `m bo sell 5 @100
       t al buy 5 @100 fok
       > trade m t 5@100
       = fix t F 2 5 0`,
    ],
    [
      '0024-OSTA-002a',
      'IOC not filled is stopped',
      `t al buy 5 @100 ioc
       > cancel t 5 ioc_remainder
       = fix t 4 4 0 0`,
    ],
    [
      '0024-OSTA-002b',
      'IOC filled in part keeps its fill',
      `m bo sell 3 @100
       t al buy 5 @100 ioc
       > trade m t 3@100
       > cancel t 2 ioc_remainder
       = fix t 4 4 3 0`,
    ],
    [
      '0024-OSTA-002c',
      'IOC filled is filled',
      `m bo sell 5 @100
       t al buy 5 @100 ioc
       > trade m t 5@100
       = fix t F 2 5 0`,
    ],
    [
      '0024-OSTA-003a',
      'GTC not filled is active',
      `t al buy 5 @100
       = fix t 0 0 0 5`,
    ],
    [
      '0024-OSTA-003b',
      'GTC cancelled by its user',
      `t al buy 5 @100
       cancel t
       > cancel t 5 requested
       = fix t 4 4 0 0`,
    ],
    [
      '0024-OSTA-003c',
      'GTC filled in part is active',
      `t al buy 5 @100
       m bo sell 3 @100
       > trade t m 3@100
       = fix t F 1 3 2`,
    ],
    [
      '0024-OSTA-003d',
      'GTC filled in part, then cancelled',
      `t al buy 5 @100
       m bo sell 3 @100
       > trade t m 3@100
       cancel t
       > cancel t 2 requested
       = fix t 4 4 3 0`,
    ],
    [
      '0024-OSTA-003e',
      'GTC stopped by the system',
      `t al buy 5 @100
       kill al
       > cancel t 5 kill_switch
       = fix t 4 4 0 0`,
    ],
    [
      '0024-OSTA-003f',
      'GTC filled',
      `t al buy 5 @100
       m bo sell 5 @100
       > trade t m 5@100
       = fix t F 2 5 0`,
    ],
    [
      '0024-OSTA-004a',
      'GTD active',
      `t al buy 5 @100 till 9
       = fix t 0 0 0 5`,
    ],
    [
      '0024-OSTA-004b',
      'GTD expired',
      `t al buy 5 @100 till 9
       time 8
       time 9
       > cancel t 5 expired_time
       = fix t C C 0 0`,
    ],
    [
      '0024-OSTA-004c',
      'GTD cancelled',
      `t al buy 5 @100 till 9
       cancel t
       > cancel t 5 requested
       = fix t 4 4 0 0`,
    ],
    [
      '0024-OSTA-004d',
      'GTD stopped by the system',
      `t al buy 5 @100 till 9
       mass al
       > cancel t 5 mass_cancel
       = fix t 4 4 0 0`,
    ],
    [
      '0024-OSTA-004e',
      'GTD filled in part is active',
      `t al buy 5 @100 till 9
       m bo sell 3 @100
       > trade t m 3@100
       = fix t F 1 3 2`,
    ],
    [
      '0024-OSTA-004f',
      'GTD filled in part, then expired',
      `t al buy 5 @100 till 9
       m bo sell 3 @100
       > trade t m 3@100
       time 10
       > cancel t 2 expired_time
       = fix t C C 3 0`,
    ],
    [
      '0024-OSTA-004g',
      'GTD filled in part, then cancelled',
      `t al buy 5 @100 till 9
       m bo sell 3 @100
       > trade t m 3@100
       cancel t
       > cancel t 2 requested
       = fix t 4 4 3 0`,
    ],
    [
      '0024-OSTA-004h',
      'GTD filled cannot expire',
      `t al buy 5 @100 till 9
       m bo sell 5 @100
       > trade t m 5@100
       time 10
       = fix t F 2 5 0`,
    ],
    [
      '0024-OSTA-005',
      'a wash trade has a reason of its own',
      `m al sell 5 @100
       t al buy 5 @100
       > prevent m t 5
       > cancel t 5 self_trade`,
    ],
    [
      '0024-OSTA-006',
      'fills before a wash trade are kept',
      `n bo sell 2 @100
       m al sell 5 @100
       t al buy 5 @100
       > trade n t 2@100
       > prevent m t 3
       > cancel t 3 self_trade
       = fix t 4 4 2 0`,
    ],
    [
      '0024-OSTA-007',
      'a FOK that would wash is stopped with nothing filled',
      `n bo sell 2 @100
       m al sell 5 @100
       t al buy 5 @100 fok
       > cancel t 5 fok_unfillable
       = asks 7@100`,
    ],
    [
      '0024-OSTA-008',
      'an uncrossing may trade with itself',
      `phase opening_auction
       m al sell 5 @100 none
       t al buy 5 @100 none
       phase continuous
       > auction 5@100 0
       > trade m t 5@100`,
    ],
    [
      '0024-OSTA-011',
      'an order without the funds is refused',
      `withdraw al cash 1000000000
       t al buy 5 @100
       > reject insufficient_cash`,
    ],
    [
      '0024-OSTA-012',
      'an order outside the price bounds is refused',
      `bands 90 110 0 0
       t al buy 5 @111 ioc
       > reject price_outside_band
       u al sell 5 @89 ioc
       > reject price_outside_band`,
    ],
    [
      '0024-OSTA-014',
      'IOC is refused during an auction',
      `phase opening_auction
       t al buy 5 @100 ioc
       > reject phase_refuses_combination`,
    ],
    [
      '0024-OSTA-015',
      'FOK is refused during an auction',
      `phase opening_auction
       t al buy 5 @100 fok
       > reject phase_refuses_combination`,
    ],
    [
      '0024-OSTA-017',
      'an expiry that is not in the future is refused',
      `time 5
       t al buy 5 @100 till 5
       > reject expire_time_passed
       u al buy 5 @100 till 6`,
    ],
    [
      '0024-OSTA-018',
      'a closed market refuses',
      `phase closed
       t al buy 5 @100
       > reject phase_refuses_orders`,
    ],
    [
      '0024-OSTA-020',
      'an unknown market refuses',
      `t al buy 5 @100 book 2
       > reject unknown_book`,
    ],
    [
      '0024-OSTA-027',
      'an unknown account or one without the asset is refused',
      `t stranger buy 5 @100
       > reject unknown_account
       withdraw al tokens 1000000
       u al sell 5 @100
       > reject insufficient_tokens`,
    ],
    [
      '0024-OSTA-029',
      'self-trading has a reason of its own',
      `m al sell 5 @100
       t al2 buy 5 market
       > prevent m t 5
       > cancel t 5 self_trade`,
    ],
  ],
};
