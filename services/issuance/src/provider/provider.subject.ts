import { defineSubject } from '@specie/nest-platform';
import { ProvidersController } from './provider.controller.js';
import { providerProjection } from './provider.projection.js';
import { ProviderQuery } from './provider.query.js';
import { providerRefusals } from './provider.refusals.js';
import { commitmentTable, providerTable } from './provider.table.js';
import { RegisterProviderHandler } from './register-provider.handler.js';

/** A provider and the rows of its stream. */
export const providerSubject = defineSubject({
  name: 'provider',
  tables: [providerTable, commitmentTable],
  projections: [providerProjection],
  controllers: [ProvidersController],
  providers: [RegisterProviderHandler, ProviderQuery],
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
  tags: { providers: 'Compute providers and what their capacity covers.' },
});
