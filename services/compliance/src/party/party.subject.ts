import { defineSubject } from '@specie/nest-platform';
import { PartiesController } from './party.controller.js';
import { partyProjection } from './party.projection.js';
import { PartyQuery } from './party.query.js';
import { partyRefusals } from './party.refusals.js';
import { partyTable } from './party.table.js';
import { RegisterPartyHandler } from './register-party.handler.js';
import { SubmitEvidenceHandler } from './submit-evidence.handler.js';

/** Parties, their evidence, and what they may do. */
export const partySubject = defineSubject({
  name: 'party',
  tables: [partyTable],
  projections: [partyProjection],
  controllers: [PartiesController],
  providers: [RegisterPartyHandler, SubmitEvidenceHandler, PartyQuery],
  attested: [
    {
      name: 'parties',
      read: async (manager) =>
        (await manager.find(partyTable.entity)).map((row) => [
          row.partyId,
          partyTable.wire(row, [
            'kind',
            'country',
            'status',
            'actions',
            'accredited',
            'validUntil',
          ]),
        ]),
    },
  ],
  refusals: partyRefusals,
  tags: { parties: 'Register parties, file their evidence, and ask what they may do.' },
});
