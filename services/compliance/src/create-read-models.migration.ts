import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read models, and the two tables beside the log that hold personal data and what it was compared with. */
export class CreateReadModels1732000000000 implements MigrationInterface {
  readonly name = 'CreateReadModels1732000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table parties (
        party_id uuid primary key,
        kind text not null,
        country text not null,
        name_hash text not null,
        registered_by uuid not null,
        status text not null check (status in ('registered', 'approved', 'frozen')),
        actions text[] not null,
        accredited boolean not null,
        valid_until text,
        stream_version int not null
      );
      create index parties_status on parties (status, party_id);
      create table personal_data (
        party_id uuid not null,
        name_hash text not null,
        name text not null,
        aliases text[] not null,
        date_of_birth text,
        address text,
        primary key (party_id, name_hash)
      );
      create table screenings (
        screening_id uuid primary key,
        party_id uuid not null,
        list_version text not null,
        best_score_ppm int not null,
        candidate_count int not null,
        verdict text not null,
        resolved_by uuid,
        position bigint not null
      );
      create index screenings_party on screenings (party_id, position);
      create index screenings_open on screenings (position) where verdict = 'alert';
      create table screening_candidates (
        screening_id uuid not null,
        entry_number int not null,
        listed_name text not null,
        name_kind text not null,
        score_ppm int not null,
        primary key (screening_id, entry_number)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table screening_candidates, screenings, personal_data, parties');
  }
}
