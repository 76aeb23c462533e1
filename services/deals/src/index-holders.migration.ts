import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A cap table is read holder by holder, and asks whether its reader is one. */
export class IndexHolders1764330000000 implements MigrationInterface {
  readonly name = 'IndexHolders1764330000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX holdings_by_holder ON holdings (company_id, party_id) WHERE shares > 0',
    );
    await runner.query('DROP INDEX holdings_company_id_idx');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ON holdings (company_id)');
    await runner.query('DROP INDEX holdings_by_holder');
  }
}
