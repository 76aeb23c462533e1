import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateEligibility1731000000000 implements MigrationInterface {
  readonly name = 'CreateEligibility1731000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table eligibility (
        party_id uuid primary key,
        actions text[] not null,
        accredited boolean not null,
        valid_until timestamptz not null,
        frozen boolean not null default false
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table eligibility');
  }
}
