import type { Phase } from '../../src/types.js';
import type { Case, Suite } from './play.js';

/** CoinTossX: its phase validators and its expiry rules. */
const order = (flags: string) => `n al buy 5 ${flags}`;

/** What each phase takes: its validators, with our phases. */
function phaseCases(): Case[] {
  const calls: readonly Phase[] = [
    'pre_open',
    'opening_auction',
    'reopening_auction',
    'closing_auction',
    'pause',
  ];
  const refusing: readonly Phase[] = ['halt', 'closed', 'cancel_only'];
  const inPhase = (phase: Phase, lines: string) => `a al sell 5 @110
      phase ${phase}
      ${lines}`;
  return [
    ...calls.flatMap((phase): Case[] => [
      [
        `${phase} validator LimitOrderWithIOC`,
        'refuses IOC',
        inPhase(
          phase,
          `${order('@100 ioc')}
      > reject phase_refuses_combination`,
        ),
      ],
      [
        `${phase} validator LimitOrderWithFOK`,
        'refuses FOK',
        inPhase(
          phase,
          `${order('@100 fok')}
      > reject phase_refuses_combination`,
        ),
      ],
      [
        `${phase} validator MarketOrderWithFOK`,
        'refuses a FOK market order',
        inPhase(
          phase,
          `${order('market fok')}
      > reject phase_refuses_combination`,
        ),
      ],
      [
        `${phase} validator NewOrder`,
        'takes limit, market and stop orders',
        inPhase(
          phase,
          `${order('@100')}
      m al buy 5 market
      s al buy 5 stop 120
      = stops s`,
        ),
      ],
      [
        `${phase} validator Amend and Cancel`,
        'takes replaces and cancels',
        inPhase(
          phase,
          `replace a 4 @110
      > replace a 4@110 kept
      cancel a
      > cancel a 4 requested`,
        ),
      ],
    ]),
    ...refusing.flatMap((phase): Case[] => [
      [
        `${phase} validator NewOrderRejected`,
        'refuses new orders',
        inPhase(
          phase,
          `${order('@100')}
      > reject phase_refuses_orders`,
        ),
      ],
      [
        `${phase} validator AmendRejected`,
        'refuses replaces',
        inPhase(
          phase,
          `replace a 4 @110
      > reject phase_refuses_orders`,
        ),
      ],
      [
        `${phase} validator Cancel`,
        phase === 'cancel_only' ? 'takes cancels' : 'refuses cancels',
        inPhase(
          phase,
          `cancel a
      ${phase === 'cancel_only' ? '> cancel a 5 requested' : '> reject phase_refuses_cancel'}`,
        ),
      ],
      [
        `${phase} mass cancel`,
        'takes a mass cancel',
        inPhase(
          phase,
          `mass al
      > cancel a 5 mass_cancel`,
        ),
      ],
    ]),
    [
      'continuous validator',
      'takes every combination',
      `m bo sell 5 @110
      a al buy 5 @110 ioc
      > trade m a 5@110
      b al buy 5 @110 fok
      > cancel b 5 fok_unfillable
      c al buy 5 market
      > cancel c 5 no_liquidity`,
    ],
    [
      'limit_state validator',
      'goes on matching',
      `phase limit_state
      m bo sell 5 @110
      a al buy 5 @110
      > trade m a 5@110`,
    ],
  ];
}

const expiry: Suite = {
  name: 'CoinTossX expiry rules',
  cases: [
    [
      'MarketOrderExpireRule testIsMarketOrderExpired',
      'a market order does not survive the auction',
      `phase opening_auction
      a al buy 5 market
      phase continuous
      > auction 0@0 0
      > cancel a 5 auction_remainder`,
    ],
    [
      'ContinousTradingExpireRule day',
      'DAY ends with the day, GTC stays',
      `a al buy 5 @100 day
      b al buy 5 @99
      phase closed
      > cancel a 5 expired_day
      = bids 5@99`,
    ],
    [
      'ContinousTradingExpireRule stop',
      'a DAY stop ends with the day',
      `a al buy 5 stop 110 day
      b al buy 5 stop 110
      phase closed
      > cancel a 5 expired_day
      = stops b`,
    ],
    [
      'ClosingAuctionExpireRule day',
      'DAY ends after the closing auction',
      `phase closing_auction
      a al buy 5 @100 day
      m bo sell 3 @100
      phase closed
      > auction 3@100 2
      > trade m a 3@100
      > cancel a 2 expired_day`,
    ],
    [
      'OpeningAuctionExpireRule day',
      'DAY survives the opening auction',
      `phase opening_auction
      a al buy 5 @100 day
      phase continuous
      > auction 0@0 0
      = bids 5@100`,
    ],
    [
      'IntraDayAuctionExpireRule gtc',
      'GTC survives every auction',
      `phase reopening_auction
      a al buy 5 @100
      phase continuous
      > auction 0@0 0
      phase closing_auction
      phase closed
      > auction 0@0 0
      = bids 5@100`,
    ],
    [
      'VolatilityAuctionExpireRule gtd',
      'GTD expires by the clock, also in an auction',
      `a al buy 5 @100 till 5
      phase reopening_auction
      time 5
      > cancel a 5 expired_time`,
    ],
    [
      'ClosingPricePublicationExpireRule gtd',
      'GTD expires by the clock, also when closed',
      `a al buy 5 @100 till 5
      phase closed
      time 5
      > cancel a 5 expired_time`,
    ],
  ],
};

export const coinTossXPhases: readonly Suite[] = [
  { name: 'CoinTossX phase validators', cases: phaseCases() },
  expiry,
];
