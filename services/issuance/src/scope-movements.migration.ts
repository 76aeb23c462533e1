import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A movement is known by its kind, the party that chose its id, and the id. By account and id alone, a transfer took
 * the id of a withdrawal, and one party the id of another's deposit.
 */
export class ScopeMovements1732038000000 implements MigrationInterface {
  readonly name = 'ScopeMovements1732038000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE token_movements ADD COLUMN owner_party_id uuid');
    // Whoever withdraws chooses the id of a withdrawal; of every other movement the sender does.
    await runner.query(`
      UPDATE token_movements AS row
      SET owner_party_id = CASE
        WHEN (row.movement = 'withdrawal') = (row.direction = 'received') THEN account.party_id
        ELSE row.counter_party_id
      END
      FROM token_accounts AS account
      WHERE account.account_id = row.account_id`);
    await runner.query(`
      ALTER TABLE token_movements
        ALTER COLUMN owner_party_id SET NOT NULL,
        DROP CONSTRAINT token_movements_once,
        ADD CONSTRAINT token_movements_once
          PRIMARY KEY (account_id, movement_id, movement, direction, owner_party_id)`);
  }

  /** @throws if an id names two movements of an account by now. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE token_movements
        DROP CONSTRAINT token_movements_once,
        ADD CONSTRAINT token_movements_once PRIMARY KEY (account_id, movement_id),
        DROP COLUMN owner_party_id`);
  }
}
