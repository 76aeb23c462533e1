import { Inject, Injectable } from '@nestjs/common';
import { DataSource, LessThanOrEqual } from 'typeorm';
import { ShardWriter } from '../shard/shard-writer.adapter.js';
import type { PlannedChange } from './planned-changes.js';
import { SessionQuery } from './session.query.js';
import { dueSteps } from './session-plan.js';
import { sessionOf, sessionTable, type SessionRow } from './session.table.js';

/** The changes of phase that are due in a book, in their order. */
interface DueSession {
  readonly seriesId: string;
  readonly steps: readonly PlannedChange[];
}

/** What time makes due. */
@Injectable()
export class DueQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(ShardWriter) private readonly writer: ShardWriter,
    @Inject(SessionQuery) private readonly sessions: SessionQuery,
  ) {}

  async isDue(now: string): Promise<boolean> {
    return (
      (await this.isTimeDue(now)) ||
      (await this.dataSource
        .getRepository(sessionTable.entity)
        .existsBy({ dueAt: LessThanOrEqual(new Date(now)) }))
    );
  }

  /** Whether orders end because of the time or of what compliance says, and no command is there to notice. */
  isTimeDue(now: string): Promise<boolean> {
    return this.writer.isTimeDue(now);
  }

  async dueSessions(now: string): Promise<readonly DueSession[]> {
    const rows = await this.dataSource.getRepository(sessionTable.entity).find({
      where: { dueAt: LessThanOrEqual(new Date(now)) },
      order: { dueAt: 'ASC', seriesId: 'ASC' },
    });
    const due: DueSession[] = [];
    for (const row of rows) {
      due.push({ seriesId: row.seriesId, steps: await this.steps(row, now) });
    }
    return due;
  }

  /** Whether the change was neither carried out meanwhile nor overridden by an operator. */
  async isStillDue(seriesId: string, change: PlannedChange, now: string): Promise<boolean> {
    const row = await this.dataSource.getRepository(sessionTable.entity).findOneBy({ seriesId });
    const steps = row ? await this.steps(row, now) : [];
    return steps.some(({ atMs, to }) => atMs === change.atMs && to === change.to);
  }

  private async steps(row: SessionRow, now: string): Promise<readonly PlannedChange[]> {
    const calendars = await this.sessions.calendarsOf(row.seriesId);
    return dueSteps(calendars, sessionOf(row), Date.parse(now));
  }
}
