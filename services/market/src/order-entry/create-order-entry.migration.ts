import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOrderEntry1732300000000 implements MigrationInterface {
  readonly name = 'CreateOrderEntry1732300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table disconnect_cancels (party_id uuid primary key)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table disconnect_cancels');
  }
}
