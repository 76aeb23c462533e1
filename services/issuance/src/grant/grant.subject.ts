import { defineSubject } from '@specie/nest-platform';
import { DealsConsumer } from './deals.consumer.js';
import { GrantTokensHandler } from './grant-tokens.handler.js';

/** What deals are owed: tranches of tokens. */
export const grantSubject = defineSubject({
  name: 'grant',
  consumers: [DealsConsumer],
  providers: [GrantTokensHandler],
});
