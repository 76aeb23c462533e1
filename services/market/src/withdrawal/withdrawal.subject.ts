import { defineSubject } from '@specie/nest-platform';
import { CompleteWithdrawalHandler } from './complete-withdrawal.handler.js';
import { CreditTokensHandler } from './credit-tokens.handler.js';
import { IssuanceConsumer } from './issuance.consumer.js';
import { RequestWithdrawalHandler } from './request-withdrawal.handler.js';
import { RevertWithdrawalHandler } from './revert-withdrawal.handler.js';
import { WithdrawalBacklog } from './withdrawal-backlog.query.js';
import { AccountsController } from './withdrawal.controller.js';
import { withdrawalProjection } from './withdrawal.projection.js';
import { WithdrawalQuery } from './withdrawal.query.js';
import { withdrawalRefusals } from './withdrawal.refusals.js';
import { tokenDepositTable, withdrawalTable } from './withdrawal.table.js';

/** Tokens of trading accounts: from the issuer's escrow and back. */
export const withdrawalSubject = defineSubject({
  name: 'withdrawal',
  tables: [tokenDepositTable, withdrawalTable],
  projections: [withdrawalProjection],
  controllers: [AccountsController],
  consumers: [IssuanceConsumer],
  providers: [
    CreditTokensHandler,
    RequestWithdrawalHandler,
    CompleteWithdrawalHandler,
    RevertWithdrawalHandler,
    WithdrawalQuery,
    WithdrawalBacklog,
  ],
  refusals: withdrawalRefusals,
  health: (injector) => injector.get(WithdrawalBacklog, { strict: false }).health(),
});
