import { describe, it } from 'vitest';
import { auctions } from './cases/auctions.cases.js';
import { coinTossXPhases } from './cases/cointossx-phases.cases.js';
import { coinTossX } from './cases/cointossx.cases.js';
import { defects } from './cases/defects.cases.js';
import { exchangeCoreMoney } from './cases/exchange-core-money.cases.js';
import { exchangeCore } from './cases/exchange-core.cases.js';
import { fixMatrices } from './cases/fix.cases.js';
import { liquibookConditions } from './cases/liquibook-conditions.cases.js';
import { liquibook } from './cases/liquibook.cases.js';
import { ocoPairs } from './cases/oco.cases.js';
import { orderMatcherConditions } from './cases/order-matcher-conditions.cases.js';
import { orderMatcherIcebergs } from './cases/order-matcher-icebergs.cases.js';
import { orderMatcherStops } from './cases/order-matcher-stops.cases.js';
import { orderMatcher } from './cases/order-matcher.cases.js';
import { playCase, type Suite } from './cases/play.js';
import { vegaMatching } from './cases/vega-matching.cases.js';
import { vegaOrderStatus } from './cases/vega-order-status.cases.js';
import { implementations } from './engines.js';

/** M2: the required behaviours, each with the id of its origin, on the engine and on its twin. */
const suites: readonly Suite[] = [
  ...defects,
  vegaMatching,
  vegaOrderStatus,
  ...auctions,
  ocoPairs,
  ...exchangeCore,
  ...exchangeCoreMoney,
  ...orderMatcher,
  ...orderMatcherConditions,
  ...orderMatcherIcebergs,
  ...orderMatcherStops,
  ...coinTossX,
  ...coinTossXPhases,
  ...liquibook,
  ...liquibookConditions,
  ...fixMatrices,
];

describe.each(implementations)('the $name', (implementation) => {
  describe.each(suites)('$name', (suite) => {
    it.each(suite.cases)('%s %s', (_id, _title, script) => playCase(suite, script, implementation));
  });
});
