import type { KeptList } from './dead-code.js';

const engineApi = 'the README offers it to whoever runs the engine; no service runs it yet';

const serviceStart = 'starts a service in a spec, on the internals of the platform';

const candleRepair =
  'makes candles again after a trade is busted or corrected, for which there is no command yet';

/** What only specs use and stays, by path or by path and name. */
export const kept: KeptList = {
  'libs/event-sourcing/src/in-memory-event-store.ts':
    'the double of the store, which specs of the kernel use too: they cannot import test support of other projects',
  'libs/event-sourcing/src/in-memory-event-store.ts#InMemoryEventStore': 'see its file',
  'libs/event-sourcing/src/in-memory-snapshot-store.ts':
    'the double of the snapshot store, as above',
  'libs/event-sourcing/src/in-memory-snapshot-store.ts#InMemorySnapshotStore': 'see its file',
  'libs/nest-platform/src/clock.ts#FixedClock': serviceStart,
  ...Object.fromEntries(
    ['Compliance', 'Issuance', 'Deals', 'Market', 'Metering', 'Audit'].map((service) => [
      `libs/contracts/src/service-events.ts#${service}Event`,
      'a union for folds to be complete over; those of the services are in their tests',
    ]),
  ),
  'libs/nest-platform/src/runtime/service-app.ts#createServiceApp': serviceStart,
  'libs/postgres-event-store/src/schema/table-differences.ts#tableDifferences':
    'shows that the migrations of a service made the tables that it defines',
  'libs/matching-core/src/fix.ts#executionReports': engineApi,
  'libs/matching-core/src/codec.ts#decodeCommand': engineApi,
  'libs/matching-core/src/terms.ts#readTerms': engineApi,
  'services/market/src/market-data/rebuild-candles.adapter.ts': candleRepair,
  'services/market/src/market-data/rebuild-candles.adapter.ts#rebuildCandles': candleRepair,
  'services/compliance/src/case/clearance.ts#clearances': 'see its file',
  'services/compliance/src/case/clearance.ts':
    'its type makes every command say whom it clears; the spec runs through it',
  'services/compliance/src/matcher/best-pairs.ts':
    'scores the published best-pairs vectors, for ranking',
  'services/compliance/src/matcher/best-pairs.ts#bestPairsNameScore': 'see its file',
  'services/compliance/src/matcher/ofac-emulation.ts#ofacScore':
    'the score without an index, with which the index is compared',
  'services/compliance/src/matcher/ofac-emulation.ts#prepareName': 'see ofacScore',
  'services/compliance/src/sanctions-list/ofac-list.ts#parseOfacList':
    'reads a list that a spec makes up',
};
