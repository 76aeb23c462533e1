import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit's own memory of every log, which no restore of a service takes back. */
export class KeepVerifiedHeads1764290000000 implements MigrationInterface {
  readonly name = 'KeepVerifiedHeads1764290000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table verified_heads (
        service text not null,
        position bigint not null,
        chain_hash text not null,
        request_id uuid not null,
        primary key (service, position, request_id)
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table verified_heads');
  }
}
