import { Inject, Injectable } from '@nestjs/common';
import { Readers, type CallerIdentity } from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import { personalDataTable, type PersonalData } from './personal-data.table.js';

const nameReaders = new Readers(['compliance-officer']);

@Injectable()
export class PersonalDataQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Null once it was erased. */
  of(partyId: string, nameHash: string): Promise<PersonalData | null> {
    return this.dataSource.getRepository(personalDataTable.entity).findOneBy({ partyId, nameHash });
  }

  /** The names of these parties; one that was erased is not among them. */
  async namesOf(partyIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.dataSource.query<readonly { party_id: string; name: string }[]>(
      `select party_id, name from parties join personal_data using (party_id, name_hash)
       where party_id = any($1)`,
      [partyIds],
    );
    return new Map(rows.map(({ party_id, name }) => [party_id, name]));
  }

  /** Those of the names that the caller may see: officers see all, a party its own. */
  namesShown(
    caller: CallerIdentity,
    partyIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    return this.namesOf(partyIds.filter((partyId) => nameReaders.see(caller, partyId)));
  }
}
