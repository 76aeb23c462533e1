import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until now every alert was a match. */
export class AddAlertReason1732610000000 implements MigrationInterface {
  readonly name = 'AddAlertReason1732610000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table screenings add column alert_reason text;
      update screenings set alert_reason = 'name_match' where verdict <> 'clear';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table screenings drop column alert_reason');
  }
}
