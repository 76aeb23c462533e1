import { defineSubject } from '@specie/nest-platform';
import { ApprovePartyHandler } from './approve-party.handler.js';
import { CasesController } from './case.controller.js';
import { CaseQuery } from './case.query.js';
import { FreezePartyHandler } from './freeze-party.handler.js';
import { UnfreezePartyHandler } from './unfreeze-party.handler.js';

/** Everything that an officer decides on, and what the officer decides. */
export const caseSubject = defineSubject({
  name: 'case',
  controllers: [CasesController],
  providers: [ApprovePartyHandler, FreezePartyHandler, UnfreezePartyHandler, CaseQuery],
  tags: { cases: 'What officers do: screen, resolve alerts, approve, freeze.' },
});
