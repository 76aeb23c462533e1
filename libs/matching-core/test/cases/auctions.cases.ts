import type { Suite } from './play.js';

/** Call auctions: golden numbers, the CoinTossX auction files, and how an uncrossing goes on. */
export const auctions: readonly Suite[] = [
  {
    name: 'call auctions',
    phase: 'opening_auction',
    cases: [
      [
        'ASX-1',
        'the worked example clears 1,000 at 639 on buy pressure',
        `b1 al buy 500 @640
         b2 al buy 500 @639
         b3 al buy 500 @639
         b4 al buy 1000 @634
         b5 al buy 500 @633
         s1 bo sell 1000 @610
         s2 bo sell 500 @640
         s3 bo sell 520 @641
         s4 bo sell 550 @642
         s5 bo sell 519 @643
         indicate
         > auction 1000@639 500
         phase continuous
         > auction 1000@639 500
         > trade s1 b1 500@639
         > trade s1 b2 500@639
         = bids 500@639 1000@634 500@633
         = asks 500@640 520@641 550@642 519@643`,
      ],
      [
        'MarketGrid-1',
        'the worked example clears 290 at 12,400',
        `b1 al buy 45 @13000
         b2 al buy 95 @12900
         b3 al buy 25 @12800
         b4 al buy 35 @12700
         b5 al buy 25 @12600
         b6 al buy 55 @12500
         b7 al buy 200 @12400
         b8 al buy 80 @12300
         b9 al buy 60 @12200
         s1 bo sell 10 @12200
         s2 bo sell 125 @12300
         s3 bo sell 155 @12400
         s4 bo sell 90 @12500
         s5 bo sell 20 @12600
         s6 bo sell 10 @12700
         s7 bo sell 15 @12800
         s8 bo sell 10 @12900
         s9 bo sell 50 @13000
         s10 bo sell 35 @13100
         indicate
         > auction 290@12400 190`,
      ],
      [
        'CTX auction 1',
        'one price has the greatest volume',
        `b1 al buy 10000 @10550
         b2 al buy 5600 @10450
         b3 al buy 200 @10400
         s4 bo sell 6900 @10300
         s5 bo sell 1000 @10450
         s6 bo sell 200 @10600
         s7 bo sell 2500 market
         phase continuous
         > auction 10400@10450 5200
         > trade s7 b1 2500@10450
         > trade s4 b1 6900@10450
         > trade s5 b1 600@10450
         > trade s5 b2 400@10450
         = bids 5200@10450 200@10400
         = asks 200@10600`,
      ],
      [
        'CTX auction 2',
        'of two prices with the greatest volume the smaller surplus wins',
        `b1 al buy 10000 @10550
         b2 al buy 5600 @10450
         b3 al buy 200 @10400
         s4 bo sell 6900 @10300
         s5 bo sell 1000 @10400
         s6 bo sell 200 @10600
         s7 bo sell 2500 market
         phase continuous
         > auction 10400@10450 5200
         > trade s7 b1 2500@10450
         > trade s4 b1 6900@10450
         > trade s5 b1 600@10450
         > trade s5 b2 400@10450
         = bids 5200@10450 200@10400
         = asks 200@10600`,
      ],
      [
        'CTX auction 3',
        'of two prices with equal volume and surplus the higher wins on buy pressure',
        `b1 al buy 10000 @10550
         b2 al buy 5600 @10500
         b3 al buy 1000 @10400
         s4 bo sell 6900 @10300
         s5 bo sell 1000 @10400
         s6 bo sell 200 @10600
         s7 bo sell 2500 market
         phase continuous
         > auction 10400@10500 5200
         > trade s7 b1 2500@10500
         > trade s4 b1 6900@10500
         > trade s5 b1 600@10500
         > trade s5 b2 400@10500
         = bids 5200@10500 1000@10400
         = asks 200@10600`,
      ],
      [
        'auction-04',
        'sell pressure takes the lowest of the tied prices',
        `b al buy 5 @102
         s bo sell 9 @100
         phase continuous
         > auction 5@100 -4
         > trade s b 5@100
         = asks 4@100`,
      ],
      [
        'auction-05',
        'without pressure the price nearest the reference wins, then the higher',
        `bands 0 0 0 101
         b al buy 5 @102
         s bo sell 5 @100
         phase continuous
         > auction 5@101 0
         > trade s b 5@101`,
      ],
      [
        'auction-06',
        'an empty book clears nothing and cancels market orders',
        `b al buy 5 market
         phase continuous
         > auction 0@0 0
         > cancel b 5 auction_remainder
         = bids -`,
      ],
      [
        'auction-07',
        'market orders go first, then price, then time',
        `b1 al buy 5 @103
         b2 bo buy 5 @104
         b3 cy buy 5 market
         b4 di buy 5 @104
         s1 al2 sell 15 @100
         phase continuous
         > auction 15@104 0
         > trade s1 b3 5@104
         > trade s1 b2 5@104
         > trade s1 b4 5@104
         = bids 5@103`,
      ],
      [
        'auction-08',
        'an own match is netted out without a trade',
        `b al buy 5 @100
         c bo buy 5 @100
         s al2 sell 8 @100
         phase continuous
         > auction 8@100 2
         > prevent s b 5
         > restate s 3
         > cancel b 5 self_trade
         > trade s c 3@100
         = bids 2@100
         = asks -`,
      ],
      [
        'auction-09',
        'an own match stands if neither order prevents it',
        `b al buy 5 @100 none
         s al2 sell 5 @100 none
         phase continuous
         > auction 5@100 0
         > trade s b 5@100`,
      ],
      [
        'auction-10',
        'hidden quantity counts towards the volume and trades peak by peak',
        `b1 al buy 9 @100 peak 2
         b2 bo buy 2 @100
         s cy sell 9 @100
         phase continuous
         > auction 9@100 2
         > trade s b1 2@100
         > trade s b2 2@100
         > trade s b1 2@100
         > trade s b1 2@100
         > trade s b1 1@100
         = order b1 cum 7 leaves 2 shown 1`,
      ],
      [
        'auction-11',
        'uncrossing sets the last price and triggers stops',
        `stop di buy 1 stop 100
         b al buy 5 @100
         s bo sell 5 @100
         s2 bo sell 5 @101
         phase continuous
         > auction 5@100 0
         > trade s b 5@100
         > trigger stop
         > trade s2 stop 1@101`,
      ],
      [
        'auction-12',
        'ending an auction by closing uncrosses, then day orders expire',
        `b al buy 5 @100 day
         c al buy 2 @99 day
         s bo sell 3 @100
         phase closed
         > auction 3@100 2
         > trade s b 3@100
         > cancel c 2 expired_day
         > cancel b 2 expired_day`,
      ],
      [
        'auction-13',
        'leaving an auction for another call or a halt does not uncross',
        `b al buy 5 @100
         s bo sell 5 @100
         phase halt
         = bids 5@100
         phase continuous
         > reject book_crossed
         phase reopening_auction
         phase continuous
         > auction 5@100 0
         > trade s b 5@100`,
      ],
      [
        'auction-14',
        'a new order during the call does not trade',
        `s bo sell 5 @100
         b al buy 5 @110
         = asks 5@100
         = bids 5@110`,
      ],
    ],
  },
];
