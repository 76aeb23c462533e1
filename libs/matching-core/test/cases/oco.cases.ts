import type { Suite } from './play.js';

/** One-cancels-the-other pairs: a limit order and the stop that replaces it. */
export const ocoPairs: Suite = {
  name: 'OCO pairs',
  cases: [
    [
      'OCO-1',
      'a fill of the limit cancels the stop',
      `l al sell 10 @110
        s al sell 10 stop 90 oco l
        t bo buy 4 @110
        > trade l t 4@110
        > cancel s 10 oco
        = order l cum 4 leaves 6`,
    ],
    [
      'OCO-2',
      'the trigger of the stop cancels the limit',
      `l al sell 10 @110
        s al sell 10 stop 90 oco l
        b bo buy 20 @90
        t cy sell 1 @90
        > trade b t 1@90
        > trigger s
        > cancel l 10 oco
        > trade b s 10@90
        = tokens al 999990 reserved 0`,
    ],
    [
      'OCO-3',
      'a cancel of one cancels the other',
      `l al buy 10 @90
        s al buy 10 stop 110 @112 oco l
        cancel l
        > cancel l 10 requested
        > cancel s 10 oco
        = cash al 1000000000 reserved 0`,
    ],
    [
      'OCO-4',
      'the pair reserves the dearer leg only',
      `l al buy 10 @90
        s al buy 10 stop 110 @112 oco l
        = cash al 999998880 reserved 1120`,
    ],
    [
      'OCO-5',
      'a leg cannot be replaced',
      `l al buy 10 @90
        s al buy 10 stop 110 @112 oco l
        replace l 5 @90
        > reject order_not_replaceable
        replace s 5 @112 stop 110
        > reject order_not_replaceable`,
    ],
    [
      'OCO-6',
      'the partner must be alike',
      `l al buy 10 @90
        s al buy 9 stop 110 oco l
        > reject oco_partner_invalid
        t al sell 10 stop 80 oco l
        > reject oco_partner_invalid
        u bo buy 10 stop 110 oco l
        > reject oco_partner_invalid`,
    ],
  ],
};
