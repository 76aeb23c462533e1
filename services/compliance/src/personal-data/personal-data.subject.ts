import { defineSubject } from '@specie/nest-platform';
import { NameHash } from './name-hash.adapter.js';
import { PersonalDataQuery } from './personal-data.query.js';
import { personalDataTable } from './personal-data.table.js';

/** Names, birth dates and addresses; they stand beside the log and can be erased. */
export const personalDataSubject = defineSubject({
  name: 'personal-data',
  tables: [personalDataTable],
  providers: [NameHash, PersonalDataQuery],
});
