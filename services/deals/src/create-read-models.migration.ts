import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The checks are the last line of S5: an event that would break it does not commit. */
export class CreateReadModels1732000000000 implements MigrationInterface {
  readonly name = 'CreateReadModels1732000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE companies (
        company_id uuid PRIMARY KEY,
        party_id uuid NOT NULL,
        director_party_ids uuid[] NOT NULL,
        stream_version integer NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE share_classes (
        class_id uuid CONSTRAINT share_classes_once PRIMARY KEY,
        company_id uuid NOT NULL REFERENCES companies,
        kind text NOT NULL CHECK (kind IN ('common', 'preferred')),
        authorised bigint NOT NULL,
        issued bigint NOT NULL CHECK (issued >= 0),
        cancelled bigint NOT NULL CHECK (cancelled >= 0),
        CONSTRAINT share_classes_within_authorised CHECK (issued - cancelled BETWEEN 0 AND authorised)
      )`);
    await runner.query(`
      CREATE TABLE holdings (
        class_id uuid NOT NULL REFERENCES share_classes,
        party_id uuid NOT NULL,
        company_id uuid NOT NULL,
        shares bigint NOT NULL CONSTRAINT holdings_not_negative CHECK (shares >= 0),
        PRIMARY KEY (class_id, party_id)
      )`);
    await runner.query(`
      CREATE TABLE share_entries (
        entry_id uuid CONSTRAINT share_entries_once PRIMARY KEY,
        company_id uuid NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE deals (
        deal_id uuid PRIMARY KEY,
        company_id uuid NOT NULL REFERENCES companies,
        company_party_id uuid NOT NULL,
        provider_party_id uuid NOT NULL CHECK (provider_party_id <> company_party_id),
        series_id uuid NOT NULL,
        class_id uuid NOT NULL REFERENCES share_classes,
        tokens bigint NOT NULL,
        equity_ppm integer NOT NULL,
        capitalization_rules jsonb NOT NULL,
        fully_diluted bigint NOT NULL,
        shares bigint NOT NULL,
        reference_price bigint NOT NULL,
        currency text NOT NULL,
        lockup_ends_at text,
        terms_hash text NOT NULL,
        status text NOT NULL CHECK (status IN ('offered', 'signed', 'approved', 'active', 'completed')),
        signed_by text[] NOT NULL,
        tokens_accepted bigint NOT NULL CHECK (tokens_accepted BETWEEN 0 AND tokens),
        shares_issued bigint NOT NULL CHECK (shares_issued BETWEEN 0 AND shares),
        stream_version integer NOT NULL,
        CHECK (status <> 'completed' OR (shares_issued = shares AND tokens_accepted = tokens))
      )`);
    await runner.query(`
      CREATE TABLE tranches (
        tranche_id uuid CONSTRAINT tranches_once PRIMARY KEY,
        deal_id uuid NOT NULL REFERENCES deals,
        number integer NOT NULL,
        tokens bigint NOT NULL CHECK (tokens > 0),
        shares bigint NOT NULL CHECK (shares > 0),
        status text NOT NULL CHECK (status IN ('pending', 'opened', 'delivered', 'failed', 'accepted')),
        opened_at timestamptz,
        failure_reason text,
        grant_id uuid,
        UNIQUE (deal_id, number)
      )`);
    await runner.query('CREATE INDEX ON share_classes (company_id, class_id)');
    await runner.query('CREATE INDEX ON holdings (company_id)');
    await runner.query('CREATE INDEX ON deals (company_party_id, deal_id)');
    await runner.query('CREATE INDEX ON deals (provider_party_id, deal_id)');
    await runner.query(`CREATE INDEX ON tranches (tranche_id) WHERE status = 'opened'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE tranches, deals, share_entries, holdings, share_classes, companies',
    );
  }
}
