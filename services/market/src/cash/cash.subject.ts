import { defineSubject } from '@specie/nest-platform';
import { AccountsController } from './cash.controller.js';
import { cashMovementProjection } from './cash.projection.js';
import { CashQuery } from './cash.query.js';
import { cashRefusals } from './cash.refusals.js';
import { cashMovementTable, cashTable, feeTable } from './cash.table.js';
import { DepositCashHandler } from './deposit-cash.handler.js';
import { WithdrawCashHandler } from './withdraw-cash.handler.js';

/** Cash of trading accounts, in and out, and the fees of the venue. */
export const cashSubject = defineSubject({
  name: 'cash',
  tables: [cashTable, feeTable, cashMovementTable],
  projections: [cashMovementProjection],
  controllers: [AccountsController],
  providers: [DepositCashHandler, WithdrawCashHandler, CashQuery],
  attested: [
    {
      name: 'cash',
      read: async (manager) =>
        (await manager.find(cashTable.entity)).map((row) => [
          row.partyId,
          cashTable.wire(row, ['available', 'reserved']),
        ]),
    },
    {
      name: 'fees',
      read: async (manager) =>
        (await manager.find(feeTable.entity)).map((row) => [
          row.currency,
          feeTable.wire(row, ['earned']),
        ]),
    },
  ],
  refusals: cashRefusals,
  tags: { accounts: 'Trading accounts: cash and tokens, in and out.' },
});
