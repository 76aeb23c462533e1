import { Inject, Injectable } from '@nestjs/common';
import { decodeCursor, pageFrom, type PageQuery } from '@specie/nest-platform';
import { DataSource, MoreThan } from 'typeorm';
import { z } from 'zod';
import { PersonalDataQuery } from '../personal-data/personal-data.query.js';
import { SanctionsListQuery } from '../sanctions-list/sanctions-list.query.js';
import {
  toAlertResponse,
  toScreeningResponse,
  type alertsResponse,
  type screeningResponse,
} from './screening.dto.js';
import { candidateTable, screeningTable } from './screening.table.js';

const candidatesShownMax = 1_000;

@Injectable()
export class ScreeningQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(PersonalDataQuery) private readonly personalData: PersonalDataQuery,
    @Inject(SanctionsListQuery) private readonly lists: SanctionsListQuery,
  ) {}

  /** The open alerts, oldest first. */
  async alerts({ cursor, limit }: PageQuery): Promise<z.output<typeof alertsResponse>> {
    const after = decodeCursor(cursor, z.int().min(0)) ?? 0;
    const rows = await this.dataSource.getRepository(screeningTable.entity).find({
      where: { verdict: 'alert', isLatest: true, position: MoreThan(after) },
      order: { position: 'ASC' },
      take: limit + 1,
    });
    const names = await this.personalData.namesOf(rows.map(({ partyId }) => partyId));
    return pageFrom(rows, {
      limit,
      toItem: (row) => toAlertResponse(row, names.get(row.partyId) ?? null),
      after: ({ position }) => position,
    });
  }

  /** A screening with its candidates; null if there is none with this id. */
  async shown(screeningId: string): Promise<z.output<typeof screeningResponse> | null> {
    const row = await this.dataSource
      .getRepository(screeningTable.entity)
      .findOneBy({ screeningId });
    if (!row) return null;
    const candidates = await this.dataSource.getRepository(candidateTable.entity).find({
      where: { screeningId },
      order: { scorePpm: 'DESC', entryNumber: 'ASC' },
      take: candidatesShownMax,
    });
    return toScreeningResponse(row, {
      candidates,
      versionInForce: await this.lists.versionInForce(),
    });
  }
}
