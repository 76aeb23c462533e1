import {
  eventDefinitions,
  serviceOf,
  type CompanyRegistered,
  type ShareClassAuthorised,
} from '@specie/contracts';
import type { DomainEvent } from '@specie/event-sourcing';
import { defineProjection } from '@specie/postgres-event-store';
import { EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';

export interface CompanyRow {
  companyId: string;
  partyId: string;
  classCount: number;
  streamVersion: number;
}

export const CompanyEntity = new EntitySchema<CompanyRow>({
  name: 'Company',
  tableName: 'companies',
  columns: {
    companyId: { name: 'company_id', type: 'uuid', primary: true },
    partyId: { name: 'party_id', type: 'uuid' },
    classCount: { name: 'class_count', type: 'int' },
    streamVersion: { name: 'stream_version', type: 'int' },
  },
});

export class CreateCompanies1732000000000 implements MigrationInterface {
  readonly name = 'CreateCompanies1732000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table companies (company_id uuid primary key, party_id uuid not null,
         class_count int not null, stream_version int not null)`,
    );
    await runner.query(
      'create table parties_seen (party_id uuid primary key, seen_count int not null)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table companies, parties_seen');
  }
}

export const companiesProjection = defineProjection<
  CompanyRegistered | ShareClassAuthorised,
  {
    readonly registered: CompanyRow[];
    readonly authorised: (readonly [companyId: string, streamVersion: number])[];
  }
>({
  name: 'companies',
  events: {
    'deals.company-registered': ({ registered }, { data, streamVersion }) => {
      const { companyId, partyId } = data;
      registered.push({ companyId, partyId, classCount: 0, streamVersion });
    },
    'deals.share-class-authorised': ({ authorised }, { data, streamVersion }) => {
      authorised.push([data.companyId, streamVersion]);
    },
  },
  changes: () => ({ registered: [], authorised: [] }),
  write: async (manager, { registered, authorised }) => {
    await manager.insert(CompanyEntity, registered);
    for (const [companyId, streamVersion] of authorised) {
      await manager.query(
        'update companies set class_count = class_count + 1, stream_version = $2 where company_id = $1',
        [companyId, streamVersion],
      );
    }
  },
});

/** The other events of the service whose name the sample bears. */
export const othersIgnored = defineProjection<DomainEvent, null>({
  name: 'others',
  events: Object.fromEntries(
    [...eventDefinitions.keys()]
      .filter((type) => serviceOf(type) === 'deals')
      .map((type) => [type, 'ignored']),
  ),
  changes: () => null,
  write: () => Promise.resolve(),
});
