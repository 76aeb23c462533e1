import { defineSubject } from '@specie/nest-platform';
import { AttestCapacityHandler } from './attest-capacity.handler.js';
import { CapacityController } from './capacity.controller.js';
import { CommitCapacityHandler } from './commit-capacity.handler.js';
import { ProvidersController } from './provider.controller.js';
import { providerProjection } from './provider.projection.js';
import { ProviderQuery } from './provider.query.js';
import { providerRefusals } from './provider.refusals.js';
import { commitmentTable, providerTable } from './provider.table.js';
import { RegisterProviderHandler } from './register-provider.handler.js';
import { WithdrawCapacityHandler } from './withdraw-capacity.handler.js';

/** A provider and the capacity that it promises. */
export const providerSubject = defineSubject({
  name: 'provider',
  tables: [providerTable, commitmentTable],
  projections: [providerProjection],
  controllers: [ProvidersController, CapacityController],
  providers: [
    RegisterProviderHandler,
    CommitCapacityHandler,
    AttestCapacityHandler,
    WithdrawCapacityHandler,
    ProviderQuery,
  ],
  attested: [
    {
      name: 'capacity',
      read: async (manager) =>
        (await manager.find(commitmentTable.entity)).map((row) => [
          row.commitmentId,
          commitmentTable.wire(row, [
            'providerId',
            'sku',
            'fromOn',
            'toOn',
            'tokensPerDay',
            'status',
          ]),
        ]),
    },
  ],
  refusals: providerRefusals,
  tags: {
    providers: 'Compute providers and what their capacity covers.',
    capacity: 'Promised GPUs; attested capacity backs tokens.',
  },
});
