import { asBigint } from '@specie/nest-platform';
import { EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';

/** bigint columns arrive as text; the domain counts in bigint. */
export interface ProviderRow {
  providerId: string;
  uptimeHaircutBps: number;
  streamVersion: number;
}

export const ProviderEntity = new EntitySchema<ProviderRow>({
  name: 'Provider',
  tableName: 'providers',
  columns: {
    providerId: { name: 'provider_id', type: 'uuid', primary: true },
    uptimeHaircutBps: { name: 'uptime_haircut_bps', type: 'integer' },
    streamVersion: { name: 'stream_version', type: 'integer' },
  },
});

export interface CommitmentRow {
  commitmentId: string;
  providerId: string;
  sku: string;
  gpuCount: number;
  fromOn: string;
  toOn: string;
  weightVersion: number;
  weightPpm: number;
  uptimeHaircutBps: number;
  tokensPerDay: bigint;
  status: 'committed' | 'attested' | 'withdrawn';
  attestedBy: string | null;
  evidenceHash: string | null;
}

export const CommitmentEntity = new EntitySchema<CommitmentRow>({
  name: 'CapacityCommitment',
  tableName: 'capacity_commitments',
  columns: {
    commitmentId: { name: 'commitment_id', type: 'uuid', primary: true },
    providerId: { name: 'provider_id', type: 'uuid' },
    sku: { type: 'text' },
    gpuCount: { name: 'gpu_count', type: 'integer' },
    fromOn: { name: 'from_on', type: 'date' },
    toOn: { name: 'to_on', type: 'date' },
    weightVersion: { name: 'weight_version', type: 'integer' },
    weightPpm: { name: 'weight_ppm', type: 'integer' },
    uptimeHaircutBps: { name: 'uptime_haircut_bps', type: 'integer' },
    tokensPerDay: { name: 'tokens_per_day', type: 'bigint', transformer: asBigint },
    status: { type: 'text' },
    attestedBy: { name: 'attested_by', type: 'uuid', nullable: true },
    evidenceHash: { name: 'evidence_hash', type: 'text', nullable: true },
  },
});

export interface SeriesRow {
  seriesId: string;
  providerId: string;
  treasuryAccountId: string;
  windowFromOn: string;
  windowToOn: string;
  skus: string[];
  region: string;
  transferable: boolean;
  minted: bigint;
  burned: bigint;
}

export const SeriesEntity = new EntitySchema<SeriesRow>({
  name: 'TokenSeries',
  tableName: 'token_series',
  columns: {
    seriesId: { name: 'series_id', type: 'uuid', primary: true },
    providerId: { name: 'provider_id', type: 'uuid' },
    treasuryAccountId: { name: 'treasury_account_id', type: 'uuid' },
    windowFromOn: { name: 'window_from_on', type: 'date' },
    windowToOn: { name: 'window_to_on', type: 'date' },
    skus: { type: 'text', array: true },
    region: { type: 'text' },
    transferable: { type: 'boolean' },
    minted: { type: 'bigint', transformer: asBigint },
    burned: { type: 'bigint', transformer: asBigint },
  },
});

export interface AccountRow {
  accountId: string;
  seriesId: string;
  partyId: string;
  kind: 'party' | 'treasury' | 'escrow';
  available: bigint;
  held: bigint;
  streamVersion: number;
}

export const AccountEntity = new EntitySchema<AccountRow>({
  name: 'TokenAccount',
  tableName: 'token_accounts',
  columns: {
    accountId: { name: 'account_id', type: 'uuid', primary: true },
    seriesId: { name: 'series_id', type: 'uuid' },
    partyId: { name: 'party_id', type: 'uuid' },
    kind: { type: 'text' },
    available: { type: 'bigint', transformer: asBigint },
    held: { type: 'bigint', transformer: asBigint },
    streamVersion: { name: 'stream_version', type: 'integer' },
  },
});

export interface HoldRow {
  holdId: string;
  accountId: string;
  quantity: bigint;
  captured: bigint;
  released: bigint;
  status: 'open' | 'closed';
  expiresAt: Date;
}

export const HoldEntity = new EntitySchema<HoldRow>({
  name: 'TokenHold',
  tableName: 'token_holds',
  columns: {
    holdId: { name: 'hold_id', type: 'uuid', primary: true },
    accountId: { name: 'account_id', type: 'uuid' },
    quantity: { type: 'bigint', transformer: asBigint },
    captured: { type: 'bigint', transformer: asBigint },
    released: { type: 'bigint', transformer: asBigint },
    status: { type: 'text' },
    expiresAt: { name: 'expires_at', type: 'timestamptz' },
  },
});

export interface MovementRow {
  accountId: string;
  position: number;
  movementId: string;
  movement: 'mint' | 'grant' | 'transfer' | 'escrow' | 'withdrawal' | 'redemption';
  direction: 'received' | 'sent' | 'burned';
  /** Whose id it is: the withdrawer's of a withdrawal, else the sender's. */
  ownerPartyId: string;
  counterPartyId: string;
  quantity: bigint;
  occurredAt: Date;
}

export const MovementEntity = new EntitySchema<MovementRow>({
  name: 'TokenMovement',
  tableName: 'token_movements',
  columns: {
    accountId: { name: 'account_id', type: 'uuid', primary: true },
    movementId: { name: 'movement_id', type: 'uuid', primary: true },
    // Positions stay below 2^53: see the size table of docs/architecture.md.
    position: { type: 'bigint', transformer: { from: Number, to: String } },
    movement: { type: 'text', primary: true },
    direction: { type: 'text', primary: true },
    ownerPartyId: { name: 'owner_party_id', type: 'uuid', primary: true },
    counterPartyId: { name: 'counter_party_id', type: 'uuid' },
    quantity: { type: 'bigint', transformer: asBigint },
    occurredAt: { name: 'occurred_at', type: 'timestamptz' },
  },
});

export const issuanceEntities: readonly EntitySchema[] = [
  ProviderEntity,
  CommitmentEntity,
  SeriesEntity,
  AccountEntity,
  HoldEntity,
  MovementEntity,
] as readonly EntitySchema[];

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
