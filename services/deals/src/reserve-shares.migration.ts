import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What signed deals promise counts like what is issued; and a deal may be cancelled. */
export class ReserveShares1764300000000 implements MigrationInterface {
  readonly name = 'ReserveShares1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE share_classes
        ADD COLUMN reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
        DROP CONSTRAINT share_classes_within_authorised,
        ADD CONSTRAINT share_classes_within_authorised
          CHECK (issued >= cancelled AND issued - cancelled + reserved <= authorised)`);
    await runner.query(`
      CREATE TABLE share_reservations (
        deal_id uuid PRIMARY KEY,
        class_id uuid NOT NULL REFERENCES share_classes,
        shares bigint NOT NULL CHECK (shares >= 0)
      )`);
    await runner.query(`
      ALTER TABLE deals
        DROP CONSTRAINT deals_status_check,
        ADD CONSTRAINT deals_status_check
          CHECK (status IN ('offered', 'signed', 'approved', 'active', 'completed', 'cancelled'))`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('what is reserved is not forgotten by a migration'));
  }
}
