import { Inject, Injectable } from '@nestjs/common';
import { named } from '@specie/contracts';
import { Clock, decodeCursor, NotFound, pageFrom, type PageQuery } from '@specie/nest-platform';
import { DataSource, LessThan } from 'typeorm';
import type { z } from 'zod';
import { calendarInForce, type Calendar } from './planned-changes.js';
import { nextStep } from './session-plan.js';
import {
  toCalendarResponse,
  toSessionResponse,
  type calendarsResponse,
  type sessionResponse,
} from './session.dto.js';
import { calendarOf, calendarTable, sessionOf, sessionTable } from './session.table.js';

/** The sessions of books, and their calendars. */
@Injectable()
export class SessionQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async isBookOpen(seriesId: string): Promise<boolean> {
    return this.dataSource.getRepository(sessionTable.entity).existsBy({ seriesId });
  }

  /** The present phase of a book and what its calendar does next. @throws NotFound `book_unknown` */
  async shown(seriesId: string): Promise<z.output<typeof sessionResponse>> {
    const row = await this.dataSource.getRepository(sessionTable.entity).findOneBy({ seriesId });
    if (!row) {
      throw new NotFound('book_unknown');
    }
    const calendars = await this.calendarsOf(seriesId);
    const inForce = calendarInForce(calendars, Date.parse(this.clock.now()));
    return toSessionResponse(row, {
      calendarVersion: inForce?.calendarVersion ?? null,
      next: nextStep(calendars, sessionOf(row)),
    });
  }

  /** The calendars of a book, the latest first. @throws NotFound `book_unknown` */
  async calendars(
    seriesId: string,
    { cursor, limit }: PageQuery,
  ): Promise<z.output<typeof calendarsResponse>> {
    if (!(await this.isBookOpen(seriesId))) {
      throw new NotFound('book_unknown');
    }
    const before = decodeCursor(cursor, named.calendarVersion);
    const rows = await this.dataSource.getRepository(calendarTable.entity).find({
      where: {
        seriesId,
        ...(before === undefined ? {} : { calendarVersion: LessThan(before) }),
      },
      order: { calendarVersion: 'DESC' },
      take: limit + 1,
    });
    return pageFrom(rows, {
      limit,
      toItem: toCalendarResponse,
      after: ({ calendarVersion }) => calendarVersion,
    });
  }

  /** All versions, in their order. */
  async calendarsOf(seriesId: string): Promise<readonly Calendar[]> {
    const rows = await this.dataSource
      .getRepository(calendarTable.entity)
      .find({ where: { seriesId }, order: { calendarVersion: 'ASC' } });
    return rows.map(calendarOf);
  }
}
