import { createHmac } from 'node:crypto';
import type { SideRows } from '@specie/event-sourcing';
import type { DataSource } from 'typeorm';
import { foldName } from '../domain/screening/fold-name.js';
import { PersonalDataEntity } from '../projections/tables.js';
import type { ScreeningCandidate } from '../domain/screening/screening-index.js';

export interface PersonalData {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly dateOfBirth: string | null;
  readonly address: string | null;
}

/**
 * Who a party is. Rows here are the only place where a name stands; they commit with the events that carry
 * only keyed hashes, so neither is ever there without the other.
 */
export class PersonalDataStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly hashKey: Buffer,
  ) {}

  /** A keyed hash: without the key nobody can try names against the log. */
  nameHashOf(name: string): string {
    return createHmac('sha256', this.hashKey).update(foldName(name)).digest('hex');
  }

  /** A keyed hash of all of it as filed; the order of the aliases says nothing. */
  particularsHashOf({ name, aliases, dateOfBirth, address }: PersonalData): string {
    const content = JSON.stringify([name, [...new Set(aliases)].sort(), dateOfBirth, address]);
    return createHmac('sha256', this.hashKey).update('particulars\0').update(content).digest('hex');
  }

  find(partyId: string, nameHash: string): Promise<PersonalData | null> {
    return this.dataSource.getRepository(PersonalDataEntity).findOneBy({ partyId, nameHash });
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
}

/** What is kept of a registration beside its event. */
export function personalDataRows(
  partyId: string,
  nameHash: string,
  { name, aliases, dateOfBirth, address }: PersonalData,
): readonly SideRows[] {
  const row = { party_id: partyId, name_hash: nameHash, name, aliases, address };
  return [{ table: 'personal_data', rows: [{ ...row, date_of_birth: dateOfBirth }] }];
}

/** What an officer must look at; like the names, it stays out of the log. */
export function candidateRows(
  screeningId: string,
  candidates: readonly ScreeningCandidate[],
): readonly SideRows[] {
  const rows = candidates.map(({ entryNumber, listedName, nameKind, scorePpm }) => ({
    screening_id: screeningId,
    entry_number: entryNumber,
    listed_name: listedName,
    name_kind: nameKind,
    score_ppm: scorePpm,
  }));
  return [{ table: 'screening_candidates', rows }];
}
