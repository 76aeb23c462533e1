import { bothSides } from './mirror.js';
import type { Suite } from './play.js';

/** Liquibook's immediate-or-cancel, all-or-none and stop tests; its IOC with AON is our FOK. */
export const liquibookConditions: readonly Suite[] = [
  {
    name: 'Liquibook immediate or cancel, fill or kill',
    cases: [
      ...bothSides(
        'ut_immediate_or_cancel TestIocBidNoMatch',
        'ut_immediate_or_cancel TestIocAskNoMatch',
        'IOC without a match',
        `m al sell 100 @152
        t bo buy 100 @151 ioc
        > cancel t 100 ioc_remainder`,
      ),
      ...bothSides(
        'ut_immediate_or_cancel TestIocBidPartialMatch',
        'ut_immediate_or_cancel TestIocAskPartialMatch',
        'IOC matched in part',
        `m al sell 100 @151
        t bo buy 300 @151 ioc
        > trade m t 100@151
        > cancel t 200 ioc_remainder`,
      ),
      ...bothSides(
        'ut_immediate_or_cancel TestIocBidFullMatch',
        'ut_immediate_or_cancel TestIocAskFullMatch',
        'IOC matched in full',
        `m al sell 300 @151
        t bo buy 300 @151 ioc
        > trade m t 300@151`,
      ),
      ...bothSides(
        'ut_immediate_or_cancel TestIocBidMultiMatch',
        'ut_immediate_or_cancel TestIocAskMultiMatch',
        'IOC matched at several prices',
        `m al sell 400 @151
        n al sell 400 @152
        t bo buy 500 @152 ioc
        > trade m t 400@151
        > trade n t 100@152`,
      ),
      ...bothSides(
        'ut_immediate_or_cancel TestFokBidNoMatch',
        'ut_immediate_or_cancel TestFokAskNoMatch',
        'FOK without a match',
        `m al sell 100 @152
        t bo buy 100 @151 fok
        > cancel t 100 fok_unfillable`,
      ),
      ...bothSides(
        'ut_immediate_or_cancel TestFokBidPartialMatch',
        'ut_immediate_or_cancel TestFokAskPartialMatch',
        'FOK that could match in part',
        `m al sell 100 @151
        t bo buy 300 @151 fok
        > cancel t 300 fok_unfillable
        = asks 100@151`,
      ),
      ...bothSides(
        'ut_immediate_or_cancel TestFokBidFullMatch',
        'ut_immediate_or_cancel TestFokAskFullMatch',
        'FOK matched in full',
        `m al sell 300 @151
        t bo buy 300 @151 fok
        > trade m t 300@151`,
      ),
      ...bothSides(
        'ut_immediate_or_cancel TestFokBidMultiMatch',
        'ut_immediate_or_cancel TestFokAskMultiMatch',
        'FOK matched at several prices',
        `m al sell 400 @151
        n al sell 400 @152
        t bo buy 500 @152 fok
        > trade m t 400@151
        > trade n t 100@152`,
      ),
      ...bothSides(
        'ut_all_or_none TestAonBidNoMatch',
        'ut_all_or_none TestAonAskNoMatch',
        'an all-or-none taker that finds too little does not trade',
        `m al sell 100 @151
        n al sell 100 @152
        t bo buy 300 @152 fok
        > cancel t 300 fok_unfillable`,
      ),
      ...bothSides(
        'ut_all_or_none TestAonBidMatchReg',
        'ut_all_or_none TestAonAskMatchReg',
        'an all-or-none taker against one order',
        `m al sell 400 @151
        t bo buy 300 @151 fok
        > trade m t 300@151
        = asks 100@151`,
      ),
      ...bothSides(
        'ut_all_or_none TestAonBidMatchMulti',
        'ut_all_or_none TestAonAskMatchMulti',
        'an all-or-none taker against several orders',
        `m al sell 400 @151
        n al sell 400 @151
        t bo buy 600 @151 fok
        > trade m t 400@151
        > trade n t 200@151`,
      ),
      ...bothSides(
        'ut_all_or_none TestAonBidNoMatchMulti',
        'ut_all_or_none TestAonAskNoMatchMulti',
        'too little over several levels',
        `m al sell 400 @152
        n al sell 100 @151
        t bo buy 600 @151 fok
        > cancel t 600 fok_unfillable
        = asks 100@151 400@152`,
      ),
    ],
  },
  {
    name: 'Liquibook stop orders',
    prelude: `m0 al buy 100 @55
      t0 bo sell 100 market
      > trade m0 t0 100@55
      = last 55`,
    cases: [
      [
        'ut_stop_orders TestStopOrdersOffMarketNoTrade',
        'stops away from the market wait',
        `a al buy 100 stop 56
        b bo sell 100 stop 54
        = stops a b`,
      ],
      [
        'ut_stop_orders TestStopMarketOrdersOnMarketTradeImmediately',
        'stops at the market trigger at once',
        `m cy buy 100 @53
        b bo sell 100 stop 55
        > trigger b
        > trade m b 100@53`,
      ],
      [
        'ut_stop_orders TestStopMarketOrdersTradeWhenStopPriceReached',
        'a trade at the stop price triggers',
        `low cy buy 100 @53
        high cy sell 100 @57
        a al buy 100 stop 56
        b bo sell 100 stop 54
        x di buy 10 @56
        y cy sell 10 @56
        > trade x y 10@56
        > trigger a
        > trade high a 100@57
        v di buy 10 @54
        w cy sell 10 @54
        > trade v w 10@54
        > trigger b
        > trade low b 100@53
        = last 53`,
      ],
      [
        'ut_stop_orders TestStopOrdersCancelBeforeTrigger',
        'a waiting stop can be cancelled',
        `a al buy 100 stop 56
        b bo sell 100 stop 54
        cancel a
        > cancel a 100 requested
        cancel b
        > cancel b 100 requested
        = stops -`,
      ],
      [
        'ut_market_price TestTradeSetsMarketPrice',
        'a trade sets the last price',
        `x al buy 10 @60
        y bo sell 10 @58
        > trade x y 10@60
        = last 60`,
      ],
    ],
  },
];
