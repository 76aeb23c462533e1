import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Books that are open have been in their phase since they were opened: until now there was no other. */
export class CreateSessions1732079000000 implements MigrationInterface {
  readonly name = 'CreateSessions1732079000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sessions (
        series_id uuid primary key,
        phase text not null,
        since timestamptz not null,
        cause text not null,
        planned_through timestamptz not null,
        due_at timestamptz,
        static_low_ticks int not null,
        static_high_ticks int not null,
        dynamic_ppm int not null,
        reference_price_ticks int not null,
        constraint sessions_cause_check check (cause in ('opened', 'operator', 'calendar', 'band'))
      );
      create index sessions_due on sessions (due_at) where due_at is not null;
      insert into sessions select series_id, phase, opened_at, 'opened', opened_at, null, 0, 0, 0, 0 from books;
      create table calendars (
        series_id uuid not null,
        calendar_version int not null,
        effective_at timestamptz not null,
        announced_at timestamptz not null,
        changes jsonb not null,
        days_without_trading text[] not null,
        limit_state_seconds int not null,
        pause_seconds int not null,
        reopening_seconds int not null,
        primary key (series_id, calendar_version)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sessions, calendars');
  }
}
