import { defineSubject } from '@specie/nest-platform';
import { MarketConsumer } from './market.consumer.js';
import { SettleWithdrawalsHandler } from './settle-withdrawals.handler.js';

/** Tokens on their way back from the market. */
export const withdrawalSubject = defineSubject({
  name: 'withdrawal',
  consumers: [MarketConsumer],
  providers: [SettleWithdrawalsHandler],
});
