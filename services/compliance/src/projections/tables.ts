import { asNumber } from '@specie/nest-platform';
import { EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';

export interface PartyRow {
  partyId: string;
  kind: 'person' | 'company' | 'fund' | 'provider';
  country: string;
  nameHash: string;
  registeredBy: string;
  status: 'registered' | 'approved' | 'frozen';
  actions: string[];
  accredited: boolean;
  /** As published; null before the first approval. */
  validUntil: string | null;
  /** Of the last screening; null before the first. */
  screenedListVersion: string | null;
  streamVersion: number;
}
export const PartyEntity = new EntitySchema<PartyRow>({
  name: 'Party',
  tableName: 'parties',
  columns: {
    partyId: { name: 'party_id', type: 'uuid', primary: true },
    kind: { type: 'text' },
    country: { type: 'text' },
    nameHash: { name: 'name_hash', type: 'text' },
    registeredBy: { name: 'registered_by', type: 'uuid' },
    status: { type: 'text' },
    actions: { type: 'text', array: true },
    accredited: { type: 'boolean' },
    validUntil: { name: 'valid_until', type: 'text', nullable: true },
    screenedListVersion: { name: 'screened_list_version', type: 'text', nullable: true },
    streamVersion: { name: 'stream_version', type: 'int' },
  },
});

export interface PersonalDataRow {
  partyId: string;
  nameHash: string;
  name: string;
  aliases: string[];
  dateOfBirth: string | null;
  address: string | null;
}
export const PersonalDataEntity = new EntitySchema<PersonalDataRow>({
  name: 'PersonalData',
  tableName: 'personal_data',
  columns: {
    partyId: { name: 'party_id', type: 'uuid', primary: true },
    nameHash: { name: 'name_hash', type: 'text', primary: true },
    name: { type: 'text' },
    aliases: { type: 'text', array: true },
    dateOfBirth: { name: 'date_of_birth', type: 'text', nullable: true },
    address: { type: 'text', nullable: true },
  },
});

export interface ScreeningRow {
  screeningId: string;
  partyId: string;
  listVersion: string;
  bestScorePpm: number;
  candidateCount: number;
  verdict: 'clear' | 'alert' | 'false_positive' | 'true_match';
  /** Null when clear. */
  alertReason: 'name_match' | 'name_not_comparable' | null;
  resolvedBy: string | null;
  /** False once the party was screened again: only the last alert can be resolved. */
  isLatest: boolean;
  position: number;
}
export const ScreeningEntity = new EntitySchema<ScreeningRow>({
  name: 'Screening',
  tableName: 'screenings',
  columns: {
    screeningId: { name: 'screening_id', type: 'uuid', primary: true },
    partyId: { name: 'party_id', type: 'uuid' },
    listVersion: { name: 'list_version', type: 'text' },
    bestScorePpm: { name: 'best_score_ppm', type: 'int' },
    candidateCount: { name: 'candidate_count', type: 'int' },
    verdict: { type: 'text' },
    alertReason: { name: 'alert_reason', type: 'text', nullable: true },
    resolvedBy: { name: 'resolved_by', type: 'uuid', nullable: true },
    isLatest: { name: 'is_latest', type: 'boolean' },
    position: { type: 'bigint', transformer: asNumber },
  },
});

export interface ScreeningCandidateRow {
  screeningId: string;
  entryNumber: number;
  listedName: string;
  nameKind: string;
  scorePpm: number;
}
export const ScreeningCandidateEntity = new EntitySchema<ScreeningCandidateRow>({
  name: 'ScreeningCandidate',
  tableName: 'screening_candidates',
  columns: {
    screeningId: { name: 'screening_id', type: 'uuid', primary: true },
    entryNumber: { name: 'entry_number', type: 'int', primary: true },
    listedName: { name: 'listed_name', type: 'text' },
    nameKind: { name: 'name_kind', type: 'text' },
    scorePpm: { name: 'score_ppm', type: 'int' },
  },
});

export const complianceEntities = [
  PartyEntity,
  PersonalDataEntity,
  ScreeningEntity,
  ScreeningCandidateEntity,
];

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
