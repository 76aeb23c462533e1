import type { Suite } from './play.js';

/**
 * The FIX order state matrices A to L as an exchange lives them: it decides each request at once, so there is no
 * PendingCancel or PendingReplace, and requests that cross on the wire are sequenced.
 * `= fix x T S c l`: the last report of x has ExecType T, OrdStatus S, CumQty c, LeavesQty l.
 */
export const fixMatrices: readonly Suite[] = [
  {
    name: 'FIX order state matrices',
    cases: [
      [
        'A.1.a',
        'a filled order',
        `x al buy 10000 @100
        = fix x 0 0 0 10000
        a bo sell 2000 @100
        > trade x a 2000@100
        = fix x F 1 2000 8000
        b bo sell 1000 @100
        > trade x b 1000@100
        = fix x F 1 3000 7000
        c bo sell 7000 @100
        > trade x c 7000@100
        = fix x F 2 10000 0`,
      ],
      [
        'A.1.b',
        'a part-filled day order ends with the day',
        `x al buy 10000 @100 day
        a bo sell 2000 @100
        > trade x a 2000@100
        phase closed
        > cancel x 8000 expired_day
        = fix x C C 2000 0`,
      ],
      [
        'B.1.a',
        'cancel of an unfilled order',
        `x al buy 10000 @100
        cancel x
        > cancel x 10000 requested
        = fix x 4 4 0 0`,
      ],
      [
        'B.1.b',
        'cancel of a part-filled order',
        `x al buy 10000 @100
        a bo sell 5000 @100
        > trade x a 5000@100
        cancel x
        > cancel x 5000 requested
        = fix x 4 4 5000 0`,
      ],
      [
        'B.1.c',
        'cancel of an order that is filled first',
        `x al buy 10000 @100
        a bo sell 10000 @100
        > trade x a 10000@100
        cancel x
        > reject too_late`,
      ],
      [
        'B.1.f',
        'cancel of an unknown order',
        `cancel #7 by al
        > reject unknown_order`,
      ],
      [
        'C.1.a',
        'an unfilled order is increased',
        `x al buy 10000 @100
        replace x 11000 @100
        > replace x 11000@100 moved
        = fix x 5 0 0 11000
        a bo sell 1000 @100
        > trade x a 1000@100
        = fix x F 1 1000 10000`,
      ],
      [
        'C.1.b',
        'a part-filled order is increased',
        `x al buy 10000 @100
        a bo sell 1000 @100
        > trade x a 1000@100
        replace x 12000 @100
        > replace x 11000@100 moved
        = fix x 5 1 1000 11000
        b bo sell 11000 @100
        > trade x b 11000@100
        = fix x F 2 12000 0`,
      ],
      [
        'C.1.c',
        'a filled order cannot be increased',
        `x al buy 10000 @100
        a bo sell 10000 @100
        > trade x a 10000@100
        replace x 12000 @100
        > reject too_late`,
      ],
      [
        'C.2.a',
        'a change of price after a fill of all is refused',
        `x al buy 10000 @100
        a bo sell 10000 @100
        > trade x a 10000@100
        replace x 10000 @101
        > reject too_late`,
      ],
      [
        'C.3.a',
        'decreased above what is filled, then filled',
        `x al buy 10000 @100
        a bo sell 1000 @100
        > trade x a 1000@100
        replace x 8000 @100
        > replace x 7000@100 kept
        = fix x 5 1 1000 7000
        b bo sell 7000 @100
        > trade x b 7000@100
        = fix x F 2 8000 0`,
      ],
      [
        'C.3.b',
        'decreased to what is filled',
        `x al buy 10000 @100
        a bo sell 7000 @100
        > trade x a 7000@100
        replace x 7000 @100
        > replace x 0@100 moved
        = fix x 5 2 7000 0`,
      ],
      [
        'C.3.c',
        'decreased below what is filled',
        `x al buy 10000 @100
        a bo sell 8000 @100
        > trade x a 8000@100
        replace x 7000 @100
        > replace x 0@100 moved
        = fix x 5 2 8000 0`,
      ],
      [
        'D.1.a',
        'two replaces one after the other',
        `x al buy 10000 @100
        a bo sell 1000 @100
        > trade x a 1000@100
        replace x 8000 @100
        > replace x 7000@100 kept
        b bo sell 2000 @100
        > trade x b 2000@100
        replace x 6000 @100
        > replace x 3000@100 kept
        c bo sell 3000 @100
        > trade x c 3000@100
        = fix x F 2 6000 0`,
      ],
      [
        'D.1.b',
        'a refused replace leaves the order for the next',
        `x al buy 10000 @100
        a bo sell 1000 @100
        > trade x a 1000@100
        replace x 0 @100
        > reject quantity_out_of_range
        replace x 6000 @100
        > replace x 5000@100 kept
        = fix x 5 1 1000 5000`,
      ],
      [
        'D.2.a',
        'replaces in a chain are decided in sequence',
        `x al buy 10000 @100
        replace x 9000 @100
        > replace x 9000@100 kept
        replace x 8000 @101
        > replace x 8000@101 moved
        replace x 7000 @101
        > replace x 7000@101 kept
        = fix x 5 0 0 7000`,
      ],
      [
        'D.2.b',
        'the first of a chain refused, the second decided on its own',
        `x al buy 10000 @100
        replace x 2000000 @100
        > reject quantity_out_of_range
        replace x 8000 @100
        > replace x 8000@100 kept`,
      ],
      [
        'E.1.b',
        'an unsolicited cancel of a part-filled order',
        `x al buy 10000 @100
        a bo sell 5000 @100
        > trade x a 5000@100
        kill al
        > cancel x 5000 kill_switch
        = fix x 4 4 5000 0`,
      ],
      [
        'E.1.d',
        'an unsolicited reduction',
        `x al buy 10000 @100
        a al sell 4000 @100 decrement
        > prevent x a 4000
        > restate x 6000
        > cancel a 4000 self_trade
        = fix x D 0 0 6000`,
      ],
      [
        'F.1.a',
        'a duplicate id',
        `x al buy 10000 @100
        a bo sell 1000 @100
        > trade x a 1000@100
        y=1 al buy 15000 @100
        > reject duplicate_order_id
        = order x cum 1000 leaves 9000`,
      ],
      [
        'H.1.a',
        'GTC is part-filled on two days',
        `x al buy 10000 @100
        a bo sell 2000 @100
        > trade x a 2000@100
        phase closed
        phase continuous
        b bo sell 3000 @100
        > trade x b 3000@100
        = fix x F 1 5000 5000`,
      ],
      [
        'H.1.c',
        'GTC is cancelled on the next day',
        `x al buy 10000 @100
        a bo sell 2000 @100
        > trade x a 2000@100
        phase closed
        phase pre_open
        cancel x
        > cancel x 8000 requested
        = fix x 4 4 2000 0`,
      ],
      [
        'H.1.d',
        'GTC is increased on the next day',
        `x al buy 10000 @100
        a bo sell 2000 @100
        > trade x a 2000@100
        phase closed
        phase pre_open
        replace x 15000 @100
        > replace x 13000@100 moved
        = fix x 5 1 2000 13000`,
      ],
      [
        'I.1.a',
        'FOK cannot be filled',
        `x al buy 10000 @100 fok
        > cancel x 10000 fok_unfillable
        = fix x 4 4 0 0`,
      ],
      [
        'I.1.b',
        'IOC cannot be hit at once, and IOC in part',
        `x al buy 10000 @100 ioc
        > cancel x 10000 ioc_remainder
        = fix x 4 4 0 0
        m bo sell 1000 @100
        y al buy 10000 @100 ioc
        > trade m y 1000@100
        > cancel y 9000 ioc_remainder
        = fix y 4 4 1000 0`,
      ],
      [
        'J.1.a',
        'executions of a filled order are corrected and busted',
        `x al buy 100 @100
        a bo sell 40 @100
        > trade x a 40@100
        b bo sell 60 @100
        > trade x b 60@100
        correct 1 @90
        > corrected 1 100 to 90
        = cash al 999990400 reserved 0
        bust 2
        > busted 2
        = cash al 999996400 reserved 0
        = tokens al 1000040 reserved 0
        bust 1
        > busted 1
        = cash al 1000000000 reserved 0
        bust 1
        > reject trade_already_busted
        correct 2 @90
        > reject trade_already_busted
        bust 3
        > reject unknown_trade`,
      ],
      [
        'J.1.b',
        'a bust after the order was cancelled',
        `x al buy 100 @100
        a bo sell 40 @100
        > trade x a 40@100
        cancel x
        > cancel x 60 requested
        bust 1
        > busted 1
        = cash al 1000000000 reserved 0
        = tokens bo 1000000 reserved 0
        = fix x 4 4 40 0`,
      ],
      [
        'K.1.a',
        'a halt keeps the order, trading resumes',
        `x al buy 100 @100
        a bo sell 40 @100
        > trade x a 40@100
        phase halt
        cancel x
        > reject phase_refuses_cancel
        phase continuous
        b bo sell 60 @100
        > trade x b 60@100
        = fix x F 2 100 0`,
      ],
      [
        'K.1.b',
        'a halt in which the order is cancelled',
        `x al buy 100 @100
        a bo sell 40 @100
        > trade x a 40@100
        phase halt
        mass al
        > cancel x 60 mass_cancel
        = fix x 4 4 40 0`,
      ],
      [
        'stop',
        'a triggered stop reports L, then trades',
        `m bo sell 20 @100
        x al buy 5 stop 100
        = fix x 0 0 0 5
        t cy buy 10 @100
        > trade m t 10@100
        > trigger x
        > trade m x 5@100
        = fix x F 2 5 0`,
      ],
    ],
  },
];
