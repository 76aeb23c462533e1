import { describe, it } from 'vitest';
import { auctions } from './cases/auctions.cases.js';
import { coinTossX } from './cases/cointossx.cases.js';
import { defects } from './cases/defects.cases.js';
import { exchangeCore } from './cases/exchange-core.cases.js';
import { fixMatrices } from './cases/fix.cases.js';
import { liquibook } from './cases/liquibook.cases.js';
import { orderMatcher } from './cases/order-matcher.cases.js';
import { orderMatcherStops } from './cases/order-matcher-stops.cases.js';
import { playCase, type Suite } from './cases/play.js';
import { vega } from './cases/vega.cases.js';
import { implementations } from './engines.js';

/** M2: the required behaviours, each with the id of its origin, on the engine and on its twin. */
const suites: readonly Suite[] = [
  ...defects,
  ...vega,
  ...auctions,
  ...liquibook,
  ...exchangeCore,
  ...orderMatcher,
  ...orderMatcherStops,
  ...coinTossX,
  ...fixMatrices,
];

describe.each(implementations)('the $name', (implementation) => {
  describe.each(suites)('$name', (suite) => {
    it.each(suite.cases)('%s %s', (_id, _title, script) => playCase(suite, script, implementation));
  });
});
