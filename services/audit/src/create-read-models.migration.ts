import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateReadModels1732000000000 implements MigrationInterface {
  readonly name = 'CreateReadModels1732000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table reconciliations (
        request_id uuid primary key,
        requested_by uuid not null,
        requested_at timestamptz not null,
        status text not null check (status in ('requested', 'published')),
        ok boolean,
        event_count int,
        finding_count int,
        report_hash text,
        position bigint not null,
        stream_version int not null
      );
      create index reconciliations_open on reconciliations (position) where status = 'requested';
      create index reconciliations_position on reconciliations (position);
      create table attestations (
        request_id uuid not null,
        service text not null,
        through_position bigint not null,
        recorded_position bigint not null,
        digest text not null,
        collections jsonb not null,
        primary key (request_id, service)
      );
      create table reports (
        request_id uuid primary key,
        report jsonb not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table reports, attestations, reconciliations');
  }
}
