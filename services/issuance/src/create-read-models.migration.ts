import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The checks are the last line of S1, S6 and S7: an event that would break one of them does not commit. */
export class CreateReadModels1732000000000 implements MigrationInterface {
  readonly name = 'CreateReadModels1732000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE providers (
        provider_id uuid PRIMARY KEY,
        uptime_haircut_bps integer NOT NULL,
        stream_version integer NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE capacity_commitments (
        commitment_id uuid CONSTRAINT capacity_commitments_once PRIMARY KEY,
        provider_id uuid NOT NULL REFERENCES providers,
        sku text NOT NULL,
        gpu_count integer NOT NULL CHECK (gpu_count > 0),
        from_on date NOT NULL,
        to_on date NOT NULL,
        weight_version integer NOT NULL,
        weight_ppm integer NOT NULL,
        uptime_haircut_bps integer NOT NULL,
        tokens_per_day bigint NOT NULL CHECK (tokens_per_day >= 0),
        status text NOT NULL CHECK (status IN ('committed', 'attested', 'withdrawn')),
        attested_by uuid CHECK (attested_by <> provider_id),
        evidence_hash text,
        CHECK (from_on <= to_on)
      )`);
    await runner.query(`
      CREATE TABLE token_series (
        series_id uuid CONSTRAINT token_series_once PRIMARY KEY,
        provider_id uuid NOT NULL REFERENCES providers,
        treasury_account_id uuid NOT NULL,
        window_from_on date NOT NULL,
        window_to_on date NOT NULL,
        skus text[] NOT NULL,
        region text NOT NULL,
        transferable boolean NOT NULL,
        minted bigint NOT NULL,
        burned bigint NOT NULL CHECK (burned >= 0),
        CONSTRAINT token_series_burned_within_minted CHECK (burned <= minted)
      )`);
    await runner.query(`
      CREATE TABLE token_accounts (
        account_id uuid PRIMARY KEY,
        series_id uuid NOT NULL REFERENCES token_series,
        party_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('party', 'treasury', 'escrow')),
        available bigint NOT NULL CONSTRAINT token_accounts_available_not_negative CHECK (available >= 0),
        held bigint NOT NULL CONSTRAINT token_accounts_held_not_negative CHECK (held >= 0),
        stream_version integer NOT NULL,
        UNIQUE (party_id, series_id)
      )`);
    await runner.query(`
      CREATE TABLE token_holds (
        hold_id uuid CONSTRAINT token_holds_once PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES token_accounts,
        quantity bigint NOT NULL,
        captured bigint NOT NULL CHECK (captured >= 0),
        released bigint NOT NULL CHECK (released >= 0),
        status text NOT NULL CHECK (status IN ('open', 'closed')),
        expires_at timestamptz NOT NULL,
        CONSTRAINT token_holds_within_quantity CHECK (captured + released <= quantity),
        CONSTRAINT token_holds_closed_is_used_up CHECK (status = 'open' OR captured + released = quantity)
      )`);
    await runner.query('CREATE INDEX ON token_holds (account_id, hold_id)');
    await runner.query(`
      CREATE TABLE token_movements (
        account_id uuid NOT NULL REFERENCES token_accounts,
        movement_id uuid NOT NULL,
        position bigint NOT NULL,
        movement text NOT NULL,
        direction text NOT NULL CHECK (direction IN ('received', 'sent', 'burned')),
        counter_party_id uuid NOT NULL,
        quantity bigint NOT NULL CHECK (quantity > 0),
        occurred_at timestamptz NOT NULL,
        CONSTRAINT token_movements_once PRIMARY KEY (account_id, movement_id)
      )`);
    await runner.query('CREATE INDEX ON token_movements (account_id, position)');
    await runner.query('CREATE INDEX ON token_accounts (series_id, account_id)');
    await runner.query('CREATE INDEX ON token_series (provider_id)');
    await runner.query('CREATE INDEX ON capacity_commitments (provider_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE token_movements, token_holds, token_accounts, token_series, capacity_commitments, providers',
    );
  }
}
