import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The id of an issuance or a cancellation belongs to its company and its cause: by id alone, another company, or the
 * founder with founding shares, took the id that the shares of a tranche were going to have, and the tranche could
 * never be accepted. Of entries made before, the cause is in the log only.
 */
export class ScopeShareEntries1764320000000 implements MigrationInterface {
  readonly name = 'ScopeShareEntries1764320000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE share_entries
        ADD COLUMN cause text NOT NULL DEFAULT 'any',
        DROP CONSTRAINT share_entries_once,
        ADD CONSTRAINT share_entries_once PRIMARY KEY (entry_id, company_id, cause)`);
    await runner.query('ALTER TABLE share_entries ALTER COLUMN cause DROP DEFAULT');
  }

  /** @throws if an id names several entries by now. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE share_entries
        DROP CONSTRAINT share_entries_once,
        ADD CONSTRAINT share_entries_once PRIMARY KEY (entry_id),
        DROP COLUMN cause`);
  }
}
