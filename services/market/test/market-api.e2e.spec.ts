import { describeApiConformance } from '@specie/service-testing';
import { marketService } from '../src/app.module.js';
import { openMarket, openVenue, startMarket, type Venue } from './venue.js';

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
  unknownIdIsFine: {
    accounts_balances: 'a party that never deposited has an empty account',
    orders_cancelAll: 'the kill switch of a party without orders cancels none',
  },
});
