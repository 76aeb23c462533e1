import { defineSubject } from '@specie/nest-platform';
import { AccountsController } from './account.controller.js';
import { accountProjection } from './account.projection.js';
import { AccountQuery } from './account.query.js';
import { accountRefusals } from './account.refusals.js';
import { accountTable, movementTable } from './account.table.js';
import { DepositToEscrowHandler } from './deposit-to-escrow.handler.js';
import { MovementsController } from './movements.controller.js';
import { TransferTokensHandler } from './transfer-tokens.handler.js';

/** Token accounts and what moves between them. */
export const accountSubject = defineSubject({
  name: 'account',
  tables: [accountTable, movementTable],
  projections: [accountProjection],
  controllers: [AccountsController, MovementsController],
  providers: [TransferTokensHandler, DepositToEscrowHandler, AccountQuery],
  attested: [
    {
      name: 'accounts',
      read: async (manager) =>
        (await manager.find(accountTable.entity)).map((row) => [
          row.accountId,
          accountTable.wire(row, ['seriesId', 'partyId', 'kind', 'available', 'held']),
        ]),
    },
  ],
  refusals: accountRefusals,
  tags: {
    accounts: 'Token accounts: balances, lots, holds, movements.',
    movements: 'Move tokens: to another party, or into the market.',
  },
});
