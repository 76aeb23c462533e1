import type { EligibilityPublished } from '@specie/contracts';
import {
  EntitySchema,
  type DataSource,
  type EntityManager,
  type MigrationInterface,
  type QueryRunner,
} from 'typeorm';

export type EligibleAction = EligibilityPublished['data']['actions'][number];

/** The local copy of what compliance allows a party. */
export interface EligibilityRow {
  partyId: string;
  actions: string[];
  accredited: boolean;
  validUntil: Date;
  frozen: boolean;
}

export const EligibilityEntity = new EntitySchema<EligibilityRow>({
  name: 'Eligibility',
  tableName: 'eligibility',
  columns: {
    partyId: { name: 'party_id', type: 'uuid', primary: true },
    actions: { type: 'text', array: true },
    accredited: { type: 'boolean' },
    validUntil: { name: 'valid_until', type: 'timestamptz' },
    frozen: { type: 'boolean', default: false },
  },
});

export class CreateEligibility1731000000000 implements MigrationInterface {
  readonly name = 'CreateEligibility1731000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE eligibility (
        party_id uuid PRIMARY KEY,
        actions text[] NOT NULL,
        accredited boolean NOT NULL,
        valid_until timestamptz NOT NULL,
        frozen boolean NOT NULL DEFAULT false
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE eligibility');
  }
}

/** How a party stands to an action; `unknown` is a party that compliance never told of. */
export type PartyStanding = 'eligible' | 'ineligible' | 'unknown';

/** Answers what a party may do from the local copy. Fails closed: no copy, a freeze or an expiry mean refusal. */
export class EligibilityDirectory {
  async check(
    database: DataSource | EntityManager,
    partyId: string,
    action: EligibleAction,
    at: string,
  ): Promise<'eligible' | 'party_ineligible'> {
    const standing = await this.standing(database, partyId, action, at);
    return standing === 'eligible' ? 'eligible' : 'party_ineligible';
  }

  async standing(
    database: DataSource | EntityManager,
    partyId: string,
    action: EligibleAction,
    at: string,
  ): Promise<PartyStanding> {
    const row = await database.getRepository(EligibilityEntity).findOneBy({ partyId });
    if (row === null) {
      return 'unknown';
    }
    const eligible =
      !row.frozen && row.actions.includes(action) && row.validUntil.getTime() > Date.parse(at);
    return eligible ? 'eligible' : 'ineligible';
  }
}
