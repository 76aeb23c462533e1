import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Accepted lists with their bytes, one of them in force; of each party the list it was last screened against, and
 * of its screenings which is the last.
 */
export class AddSanctionsLists1732620000000 implements MigrationInterface {
  readonly name = 'AddSanctionsLists1732620000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sanctions_lists (
        version text primary key check (version ~ '^[0-9a-f]{64}$'),
        sdn bytea not null,
        alt bytea not null,
        addresses bytea not null,
        comments bytea not null,
        entry_count int not null check (entry_count > 0),
        alias_count int not null,
        address_count int not null,
        in_force boolean not null,
        accepted_at timestamptz not null default now()
      );
      create unique index sanctions_lists_in_force on sanctions_lists (in_force) where in_force;
      alter table screenings add column is_latest boolean not null default true;
      update screenings old set is_latest = not exists (
        select from screenings newer
         where newer.party_id = old.party_id and newer.position > old.position);
      drop index screenings_open;
      create index screenings_open on screenings (position) where verdict = 'alert' and is_latest;
      alter table parties add column screened_list_version text;
      update parties set screened_list_version = list_version from screenings
       where screenings.party_id = parties.party_id and is_latest;
      create index parties_screened on parties (party_id, screened_list_version)
       where screened_list_version is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index parties_screened;
      alter table parties drop column screened_list_version;
      drop index screenings_open;
      create index screenings_open on screenings (position) where verdict = 'alert';
      alter table screenings drop column is_latest;
      drop table sanctions_lists;
    `);
  }
}
