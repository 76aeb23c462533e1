import { defineSubject } from '@specie/nest-platform';
import { AccountsController } from './cash.controller.js';
import { cashMovementProjection } from './cash.projection.js';
import { CashQuery } from './cash.query.js';
import { cashRefusals } from './cash.refusals.js';
import { cashMovementTable } from './cash.table.js';
import { DepositCashHandler } from './deposit-cash.handler.js';
import { WithdrawCashHandler } from './withdraw-cash.handler.js';

/** Cash of trading accounts, in and out; shows the balances and the fees. */
export const cashSubject = defineSubject({
  name: 'cash',
  tables: [cashMovementTable],
  projections: [cashMovementProjection],
  controllers: [AccountsController],
  providers: [DepositCashHandler, WithdrawCashHandler, CashQuery],
  refusals: cashRefusals,
  tags: { accounts: 'Trading accounts: cash and tokens, in and out.' },
});
