import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CountEligibilityChanges1732077100000 implements MigrationInterface {
  readonly name = 'CountEligibilityChanges1732077100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table eligibility_version (
        is_only boolean primary key default true check (is_only),
        version bigint not null
      );
      insert into eligibility_version (version) values (1)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table eligibility_version');
  }
}
