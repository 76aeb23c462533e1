import { asBigint } from '@specie/nest-platform';
import { EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';

/** bigint columns arrive as text; the domain counts in bigint. */
export interface CompanyRow {
  companyId: string;
  partyId: string;
  directorPartyIds: string[];
  streamVersion: number;
}

export const CompanyEntity = new EntitySchema<CompanyRow>({
  name: 'Company',
  tableName: 'companies',
  columns: {
    companyId: { name: 'company_id', type: 'uuid', primary: true },
    partyId: { name: 'party_id', type: 'uuid' },
    directorPartyIds: { name: 'director_party_ids', type: 'uuid', array: true },
    streamVersion: { name: 'stream_version', type: 'integer' },
  },
});

export interface ShareClassRow {
  classId: string;
  companyId: string;
  kind: 'common' | 'preferred';
  authorised: bigint;
  issued: bigint;
  cancelled: bigint;
  reserved: bigint;
}

export const ShareClassEntity = new EntitySchema<ShareClassRow>({
  name: 'ShareClass',
  tableName: 'share_classes',
  columns: {
    classId: { name: 'class_id', type: 'uuid', primary: true },
    companyId: { name: 'company_id', type: 'uuid' },
    kind: { type: 'text' },
    authorised: { type: 'bigint', transformer: asBigint },
    issued: { type: 'bigint', transformer: asBigint },
    cancelled: { type: 'bigint', transformer: asBigint },
    reserved: { type: 'bigint', transformer: asBigint },
  },
});

export interface HoldingRow {
  classId: string;
  partyId: string;
  companyId: string;
  shares: bigint;
}

export const HoldingEntity = new EntitySchema<HoldingRow>({
  name: 'Holding',
  tableName: 'holdings',
  columns: {
    classId: { name: 'class_id', type: 'uuid', primary: true },
    partyId: { name: 'party_id', type: 'uuid', primary: true },
    companyId: { name: 'company_id', type: 'uuid' },
    shares: { type: 'bigint', transformer: asBigint },
  },
});

export type DealStatus = 'offered' | 'signed' | 'approved' | 'active' | 'completed' | 'cancelled';

export interface DealRow {
  dealId: string;
  companyId: string;
  companyPartyId: string;
  providerPartyId: string;
  seriesId: string;
  classId: string;
  tokens: bigint;
  equityPpm: number;
  capitalizationRules: Record<string, boolean>;
  fullyDiluted: bigint;
  shares: bigint;
  referencePrice: bigint;
  currency: string;
  /** As in the terms, to the letter: the terms hash covers the text. */
  lockupEndsAt: string | null;
  termsHash: string;
  status: DealStatus;
  signedBy: string[];
  tokensAccepted: bigint;
  sharesIssued: bigint;
  streamVersion: number;
}

export const DealEntity = new EntitySchema<DealRow>({
  name: 'Deal',
  tableName: 'deals',
  columns: {
    dealId: { name: 'deal_id', type: 'uuid', primary: true },
    companyId: { name: 'company_id', type: 'uuid' },
    companyPartyId: { name: 'company_party_id', type: 'uuid' },
    providerPartyId: { name: 'provider_party_id', type: 'uuid' },
    seriesId: { name: 'series_id', type: 'uuid' },
    classId: { name: 'class_id', type: 'uuid' },
    tokens: { type: 'bigint', transformer: asBigint },
    equityPpm: { name: 'equity_ppm', type: 'integer' },
    capitalizationRules: { name: 'capitalization_rules', type: 'jsonb' },
    fullyDiluted: { name: 'fully_diluted', type: 'bigint', transformer: asBigint },
    shares: { type: 'bigint', transformer: asBigint },
    referencePrice: { name: 'reference_price', type: 'bigint', transformer: asBigint },
    currency: { type: 'text' },
    lockupEndsAt: { name: 'lockup_ends_at', type: 'text', nullable: true },
    termsHash: { name: 'terms_hash', type: 'text' },
    status: { type: 'text' },
    signedBy: { name: 'signed_by', type: 'text', array: true },
    tokensAccepted: { name: 'tokens_accepted', type: 'bigint', transformer: asBigint },
    sharesIssued: { name: 'shares_issued', type: 'bigint', transformer: asBigint },
    streamVersion: { name: 'stream_version', type: 'integer' },
  },
});

export type TrancheStatus = 'pending' | 'opened' | 'delivered' | 'failed' | 'accepted';

export interface TrancheRow {
  trancheId: string;
  dealId: string;
  number: number;
  tokens: bigint;
  shares: bigint;
  status: TrancheStatus;
  openedAt: Date | null;
  failureReason: string | null;
  grantId: string | null;
}

export const TrancheEntity = new EntitySchema<TrancheRow>({
  name: 'Tranche',
  tableName: 'tranches',
  columns: {
    trancheId: { name: 'tranche_id', type: 'uuid', primary: true },
    dealId: { name: 'deal_id', type: 'uuid' },
    number: { type: 'integer' },
    tokens: { type: 'bigint', transformer: asBigint },
    shares: { type: 'bigint', transformer: asBigint },
    status: { type: 'text' },
    openedAt: { name: 'opened_at', type: 'timestamptz', nullable: true },
    failureReason: { name: 'failure_reason', type: 'text', nullable: true },
    grantId: { name: 'grant_id', type: 'uuid', nullable: true },
  },
});

export const dealsEntities: readonly EntitySchema[] = [
  CompanyEntity,
  ShareClassEntity,
  HoldingEntity,
  DealEntity,
  TrancheEntity,
] as readonly EntitySchema[];

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
