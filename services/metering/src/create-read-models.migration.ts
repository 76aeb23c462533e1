import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The read models of metering. `usage_records` is also what recognises a record that comes again, indefinitely. */
export class CreateReadModels1732000000000 implements MigrationInterface {
  readonly name = 'CreateReadModels1732000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table reservations (
        reservation_id uuid primary key,
        party_id uuid not null,
        series_id uuid not null,
        sku text not null,
        weight_version int not null,
        weight_ppm int not null,
        quantity bigint not null check (quantity > 0),
        status text not null check (status in ('requested', 'refused', 'confirmed', 'closed')),
        reason text,
        held bigint not null check (held >= 0),
        captured bigint not null check (captured >= 0),
        released bigint not null check (released >= 0),
        slice_count int not null,
        usage_count bigint not null,
        gpu_seconds numeric(38, 0) not null check (gpu_seconds >= 0),
        atoms numeric(38, 0) not null check (atoms >= 0),
        requested_at timestamptz not null,
        expires_at timestamptz not null,
        answered_at timestamptz,
        closed_at timestamptz,
        stream_version int not null,
        constraint captured_within_held check (captured + released <= held)
      );
      create index reservations_of_party on reservations (party_id, reservation_id);
      create index reservations_live on reservations (expires_at) where status in ('requested', 'confirmed');
      create table usage_records (
        usage_id uuid primary key,
        reservation_id uuid not null,
        position bigint not null,
        source text not null,
        record_id text not null,
        evidence_hash text not null,
        gpu_count int not null,
        fraction7000 int not null,
        started_at timestamptz not null,
        seconds int not null,
        gpu_seconds numeric(38, 0) not null,
        atoms numeric(38, 0) not null,
        constraint usage_record_once unique (source, record_id)
      );
      create index usage_of_reservation on usage_records (reservation_id, position);
      create table slices (
        capture_id uuid primary key,
        reservation_id uuid not null,
        slice_number int not null,
        usage_count int not null,
        gpu_seconds numeric(38, 0) not null,
        atoms numeric(38, 0) not null,
        captured bigint not null check (captured >= 0),
        captured_cumulative bigint not null,
        captured_at timestamptz not null,
        unique (reservation_id, slice_number)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table reservations, usage_records, slices');
  }
}
