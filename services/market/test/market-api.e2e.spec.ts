import { describeApiConformance } from '@specie/service-testing';
import { marketService } from '../src/app.module.js';
import { openMarket, openVenue, startMarket, type Venue } from './open-venue.js';

let venue: Venue;
describeApiConformance(marketService, {
  start: async () => {
    venue = await openVenue();
    return startMarket(venue);
  },
  cleanUp: () => venue.close(),
  prepare: async (service) => {
    await openMarket(venue, service);
  },
  // A calendar without changes: the book stays in its phase while the suite looks at it.
  bodies: { sessions_calendar: { changes: [] } },
  unknownIdIsFine: {
    accounts_balances: 'a party that never deposited has an empty account',
    controls_setAny: 'a party is stopped before it ever trades',
    controls_any: 'nobody stopped a party that never traded',
    controls_setLimit: 'a party is limited before it ever trades',
    controls_limit: 'nobody limited a party that never traded',
    orders_cancelAll: 'the kill switch of a party without orders cancels none',
  },
});
