import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which provider a series belongs to, record names by provider, and from when until when usage counts.
 *
 * Series that were opened before this version listened are in the issuer's log only. Metering reads that log
 * once more from its beginning; what has had its effect is in the inbox and does nothing again. Rows are set back, not
 * deleted: without an offset of ours a Kafka consumer goes on where its group was.
 */
export class KnowProvidersAndIntervals1732800000000 implements MigrationInterface {
  readonly name = 'KnowProvidersAndIntervals1732800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table series (
        series_id uuid primary key,
        provider_id uuid not null,
        window_to_on date not null
      );
      create index series_of_provider on series (provider_id);
      create index reservations_of_series on reservations (series_id, reservation_id);
      alter table usage_records
        add column provider_id uuid,
        drop constraint usage_record_once,
        add constraint usage_record_once unique (provider_id, source, record_id);
      alter table reservations
        add column usage_from_at timestamptz,
        add column grace_seconds int not null default 0 check (grace_seconds >= 0);
      update consumed
         set position = 0, chain_hash = null, kafka_offset = case when kafka_offset is null then null else 0 end
       where consumer = 'metering' and source = 'issuance';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table series;
      drop index reservations_of_series;
      alter table usage_records
        drop constraint usage_record_once,
        drop column provider_id,
        add constraint usage_record_once unique (source, record_id);
      alter table reservations drop column usage_from_at, drop column grace_seconds;
    `);
  }
}
