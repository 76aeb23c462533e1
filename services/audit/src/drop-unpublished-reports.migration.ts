import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A report used to be written before its event; one whose event never came stands in the way of the next. */
export class DropUnpublishedReports1732600000000 implements MigrationInterface {
  readonly name = 'DropUnpublishedReports1732600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `delete from reports where request_id in
         (select request_id from reconciliations where status = 'requested')`,
    );
  }

  async down(): Promise<void> {
    // What was dropped is computed again.
  }
}
