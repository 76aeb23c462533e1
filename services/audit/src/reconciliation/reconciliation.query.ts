import { Inject, Injectable } from '@nestjs/common';
import { decodeCursor, NotFound, pageFrom, type PageQuery } from '@specie/nest-platform';
import { DataSource, LessThan } from 'typeorm';
import { z } from 'zod';
import { toSummaryResponse, type reportsResponse } from './reconciliation.dto.js';
import { attestationTable, reconciliationTable, reportTable } from './reconciliation.table.js';

@Injectable()
export class ReconciliationQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** The report is answered as it was stored. @throws NotFound `reconciliation_unknown` */
  async one(requestId: string) {
    const key = { requestId };
    const row = await this.dataSource.getRepository(reconciliationTable.entity).findOneBy(key);
    if (!row) throw new NotFound('reconciliation_unknown');
    const attestations = await this.dataSource.getRepository(attestationTable.entity).findBy(key);
    const stored =
      row.status === 'published'
        ? await this.dataSource.getRepository(reportTable.entity).findOneBy(key)
        : null;
    return {
      ...toSummaryResponse(row),
      attested: attestations.map(({ service }) => service).sort(),
      report: stored?.report ?? null,
      streamVersion: row.streamVersion,
    };
  }

  /** The newest first. */
  async list({ cursor, limit }: PageQuery): Promise<z.output<typeof reportsResponse>> {
    const before = decodeCursor(cursor, z.int().min(0));
    const rows = await this.dataSource.getRepository(reconciliationTable.entity).find({
      where: before === undefined ? {} : { position: LessThan(before) },
      order: { position: 'DESC' },
      take: limit + 1,
    });
    return pageFrom(rows, { limit, toItem: toSummaryResponse, after: ({ position }) => position });
  }
}
