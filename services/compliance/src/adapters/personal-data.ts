import { createHmac } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { foldName } from '../domain/screening/fold-name.js';
import { PersonalDataEntity, ScreeningCandidateEntity } from '../projections/tables.js';
import type { ScreeningCandidate } from '../domain/screening/screening-index.js';

export interface PersonalData {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly dateOfBirth: string | null;
  readonly address: string | null;
}

/**
 * Who a party is. Rows here are the only place where a name stands; they are written before the events
 * that carry only its keyed hash, so an event never refers to a name that is not there.
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

  /** Keeps the first data filed under the party and name, so a repeat cannot replace it. */
  async keep(partyId: string, nameHash: string, data: PersonalData): Promise<void> {
    await this.dataSource
      .createQueryBuilder()
      .insert()
      .into(PersonalDataEntity)
      .values({ partyId, nameHash, ...data, aliases: [...data.aliases] })
      .orIgnore()
      .execute();
  }

  find(partyId: string, nameHash: string): Promise<PersonalData | null> {
    return this.dataSource.getRepository(PersonalDataEntity).findOneBy({ partyId, nameHash });
  }

  /** What an officer must look at; like the names, it stays out of the log. */
  async keepCandidates(
    screeningId: string,
    candidates: readonly ScreeningCandidate[],
  ): Promise<void> {
    if (candidates.length > 0) {
      await this.dataSource
        .createQueryBuilder()
        .insert()
        .into(ScreeningCandidateEntity)
        .values(candidates.map((candidate) => ({ screeningId, ...candidate })))
        .orIgnore()
        .execute();
    }
  }
}
