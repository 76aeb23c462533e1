import { attestationSubject } from '@specie/attestation';
import { eligibilitySubject } from '@specie/eligibility';
import { defineService } from '@specie/nest-platform';
import { bookSubject } from './book/book.subject.js';
import { cashSubject } from './cash/cash.subject.js';
import { controlSubject } from './control/control.subject.js';
import { shardSubject } from './shard/shard.subject.js';
import { marketDataSubject } from './market-data/market-data.subject.js';
import { marketConfig } from './market.config.js';
import { orderEntrySubject } from './order-entry/order-entry.subject.js';
import { orderSubject } from './order/order.subject.js';
import { sessionSubject } from './session/session.subject.js';
import { tablesSubject } from './tables.subject.js';
import { tradeSubject } from './trade/trade.subject.js';
import { webSocketSubject } from './web-socket/web-socket.subject.js';
import { withdrawalSubject } from './withdrawal/withdrawal.subject.js';

export const marketService = defineService({
  name: 'market',
  port: 7104,
  api: {
    description:
      'The exchange of compute tokens for cash. Prices are in ticks of $0.0001 per token, quantities in lots of 0.01 token, both whole numbers; amounts of cash are decimal strings. Tokens come from issuance by an escrow deposit there, cash is recorded by the operator.',
  },
  config: marketConfig,
  singleWriter: true,
  subjects: [
    tablesSubject,
    shardSubject,
    bookSubject,
    cashSubject,
    withdrawalSubject,
    orderSubject,
    webSocketSubject,
    orderEntrySubject,
    controlSubject,
    sessionSubject,
    tradeSubject,
    marketDataSubject,
    eligibilitySubject,
    attestationSubject,
  ],
});
