import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateControls1732079100000 implements MigrationInterface {
  readonly name = 'CreateControls1732079100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table controls (
        party_id uuid primary key,
        by_party boolean not null,
        by_operator boolean not null,
        open_orders_max int not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table controls');
  }
}
