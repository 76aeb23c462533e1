import type { Suite } from './play.js';

/** exchange-core's balance, risk, fee and rejection tests. */
export const exchangeCoreMoney: readonly Suite[] = [
  {
    name: 'exchange-core basic.feature and risk.feature',
    cash: 0,
    tokens: 0,
    cases: [
      [
        'basic full cycle',
        'rest, take, rest, move into the other side',
        `deposit al cash 1000000
        deposit al tokens 100000
        deposit bo cash 2000000
        101 al sell 7 @1600
        102 al buy 4 @1550
        = asks 7@1600
        = bids 4@1550
        201 bo buy 2 @1700 ioc
        > trade 101 201 2@1600
        = asks 5@1600
        202 bo buy 4 @1583
        = bids 4@1583 4@1550
        replace 101 7 @1580
        > replace 101 5@1580 moved
        > trade 202 101 4@1583
        = asks 1@1580
        = bids 4@1550`,
      ],
      [
        'cancel BID order',
        'a cancel returns the reservation',
        `deposit cy cash 9400000
        203 cy buy 500 @15000
        = cash cy 1900000 reserved 7500000
        cancel 203
        > cancel 203 500 requested
        = cash cy 9400000 reserved 0`,
      ],
      [
        'basic scenario',
        'an order without the funds is refused, with them accepted',
        `deposit al cash 20000
        deposit bo tokens 6
        101 al buy 7 @3000
        > reject insufficient_cash
        = cash al 20000 reserved 0
        deposit al cash 1000
        102 al buy 7 @3000
        = cash al 0 reserved 21000
        103 bo sell 7 @3000 ioc
        > reject insufficient_tokens
        = tokens bo 6 reserved 0
        deposit bo tokens 1
        104 bo sell 7 @3000 ioc
        > trade 102 104 7@3000
        = tokens al 7 reserved 0
        = cash al 0 reserved 0
        = cash bo 21000 reserved 0`,
      ],
      [
        'move orders UP and DOWN',
        'a move re-reserves; a better fill returns the difference',
        `deposit al tokens 1000
        deposit bo cash 9400000
        201 al sell 1001 @3000
        > reject insufficient_tokens
        202 al sell 1000 @3000
        = tokens al 0 reserved 1000
        replace 202 1000 @4000
        > replace 202 1000@4000 moved
        replace 202 1000 @2000
        > replace 202 1000@2000 moved
        = tokens al 0 reserved 1000
        203 bo buy 500 @1800
        = cash bo 8500000 reserved 900000
        replace 203 500 @1850
        > replace 203 500@1850 moved
        = cash bo 8475000 reserved 925000
        replace 203 500 @1750
        > replace 203 500@1750 moved
        = cash bo 8525000 reserved 875000
        replace 202 1000 @1690
        > replace 202 1000@1690 moved
        > trade 203 202 500@1750
        = cash bo 8525000 reserved 0
        = cash al 875000 reserved 0
        = asks 500@1690
        cancel 202
        > cancel 202 500 requested
        = tokens al 500 reserved 0`,
      ],
      [
        'move above the funds',
        'a move that the funds do not cover is refused and the order stays',
        `deposit bo cash 1000
        1 bo buy 10 @100
        replace 1 10 @101
        > reject insufficient_cash
        = bids 10@100
        = cash bo 0 reserved 1000`,
      ],
      [
        'price improvement',
        'a fill below the limit returns the difference',
        `deposit al tokens 10
        deposit bo cash 1000
        1 al sell 10 @90
        2 bo buy 10 @100
        > trade 1 2 10@90
        = cash bo 100 reserved 0`,
      ],
    ],
  },
  {
    name: 'exchange-core ITFeesExchange',
    config: { makerFeePpm: 5_000, takerFeePpm: 10_000 },
    cash: 0,
    tokens: 0,
    cases: [
      [
        'shouldRequireTakerFees_GtcCancel bid',
        'a bid needs the worst fee and gets it back',
        `deposit al cash 30000
        1 al buy 30 @1000
        > reject insufficient_cash
        deposit al cash 299
        2 al buy 30 @1000
        > reject insufficient_cash
        deposit al cash 1
        3 al buy 30 @1000
        = cash al 0 reserved 30300
        cancel 3
        > cancel 3 30 requested
        = cash al 30300 reserved 0
        = cash venue 0 reserved 0`,
      ],
      [
        'shouldRequireTakerFees_GtcCancel ask',
        'an ask needs no cash for fees',
        `deposit al tokens 100
        1 al sell 100 @1000
        = tokens al 0 reserved 100
        cancel 1
        > cancel 1 100 requested
        = tokens al 100 reserved 0`,
      ],
      [
        'shouldProcessFees_BidGtcMaker_AskIocTakerPartial',
        'maker buys, taker sells in part',
        `deposit al cash 2000000
        deposit bo tokens 2000
        1 al buy 1731 @1000
        = cash al 251690 reserved 1748310
        2 bo sell 2000 @990 ioc
        > trade 1 2 1731@1000
        > cancel 2 269 ioc_remainder
        = cash al 260345 reserved 0
        = cash bo 1713690 reserved 0
        = cash venue 25965 reserved 0
        = tokens al 1731 reserved 0`,
      ],
      [
        'shouldProcessFees_BidGtcMakerPartial_AskIocTaker',
        'maker buys in part, taker sells',
        `deposit al cash 2000000
        deposit bo tokens 2000
        1 al buy 1731 @1000
        2 bo sell 1000 @990 ioc
        > trade 1 2 1000@1000
        = cash al 256690 reserved 738310
        = cash bo 990000 reserved 0
        = cash venue 15000 reserved 0`,
      ],
      [
        'shouldProcessFees_AskGtcMaker_BidIocTakerPartial',
        'maker sells, taker buys in part',
        `deposit al tokens 2000
        deposit bo cash 3000000
        1 al sell 2000 @1000
        2 bo buy 2197 @1010 ioc
        > trade 1 2 2000@1000
        > cancel 2 197 ioc_remainder
        = cash al 1990000 reserved 0
        = cash bo 980000 reserved 0
        = cash venue 30000 reserved 0`,
      ],
      [
        'shouldProcessFees_AskGtcMakerPartial_BidIocTaker',
        'maker sells in part, taker buys',
        `deposit al tokens 2000
        deposit bo cash 3000000
        1 al sell 2000 @1000
        2 bo buy 1000 @1010 ioc
        > trade 1 2 1000@1000
        = cash al 995000 reserved 0
        = cash bo 1990000 reserved 0
        = tokens al 0 reserved 1000
        = cash venue 15000 reserved 0`,
      ],
    ],
  },
  rejectionSuite(),
];

/** Its generated rejections: several makers, then one order with or without something left. */
function rejectionSuite(): Suite {
  const makers = (side: 'buy' | 'sell') => `m1 al ${side} 10 @100
    m2 bo ${side} 20 @100
    m3 cy ${side} 30 @100`;
  const filled = (quantities: readonly number[]) =>
    quantities.map((quantity, i) => `> trade m${i + 1} t ${quantity}@100`).join('\n');
  const forSide = (name: 'MultiBuy' | 'MultiSell') => {
    const [taker, maker] =
      name === 'MultiBuy' ? (['buy', 'sell'] as const) : (['sell', 'buy'] as const);
    const left = taker === 'buy' ? '= bids 5@100' : '= asks 5@100';
    return [
      [
        `test${name}NoRejectionExchangeGtc`,
        'GTC fills exactly',
        `${makers(maker)}
        t di ${taker} 60 @100
        ${filled([10, 20, 30])}
        = fix t F 2 60 0`,
      ],
      [
        `test${name}WithRejectionExchangeGtc`,
        'GTC rests its rest',
        `${makers(maker)}
        t di ${taker} 65 @100
        ${filled([10, 20, 30])}
        ${left}`,
      ],
      [
        `test${name}NoRejectionExchangeIoc`,
        'IOC fills exactly',
        `${makers(maker)}
        t di ${taker} 60 @100 ioc
        ${filled([10, 20, 30])}`,
      ],
      [
        `test${name}WithRejectionExchangeIoc`,
        'IOC cancels its rest',
        `${makers(maker)}
        t di ${taker} 65 @100 ioc
        ${filled([10, 20, 30])}
        > cancel t 5 ioc_remainder`,
      ],
      [
        `test${name}NoRejectionExchangeFok`,
        'FOK fills exactly',
        `${makers(maker)}
        t di ${taker} 60 @100 fok
        ${filled([10, 20, 30])}`,
      ],
      [
        `test${name}WithSizeRejectionExchangeFok`,
        'FOK one lot too large does nothing',
        `${makers(maker)}
        t di ${taker} 61 @100 fok
        > cancel t 61 fok_unfillable`,
      ],
    ] as const;
  };
  return {
    name: 'exchange-core ITExchangeCoreIntegrationRejection',
    cases: [...forSide('MultiBuy'), ...forSide('MultiSell')],
  };
}
