import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import { decodeCursor, pageFrom, type HealthSignal, type PageQuery } from '@specie/nest-platform';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { PartyRow } from '../party/party.table.js';
import { SanctionsListQuery } from '../sanctions-list/sanctions-list.query.js';
import type { staleResponse } from './screening.dto.js';

export interface StaleScreening {
  readonly partyId: string;
  readonly status: PartyRow['status'];
  readonly screenedListVersion: string;
  readonly screeningId: string;
}

/** Parties whose last screening was against another list than the one in force. */
@Injectable()
export class StaleScreeningsQuery {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(SanctionsListQuery) private readonly lists: SanctionsListQuery,
  ) {}

  async list({ cursor, limit }: PageQuery): Promise<z.output<typeof staleResponse>> {
    const after = decodeCursor(cursor, fields.id) ?? null;
    const version = (await this.lists.versionInForce()) ?? '';
    const rows = await this.page(version, { after, limit: limit + 1 });
    return pageFrom(rows, {
      limit,
      toItem: ({ partyId, status, screenedListVersion }) => {
        return { partyId, status, screenedListVersion };
      },
      after: ({ partyId }) => partyId,
    });
  }

  /** Those that were not screened against `listVersion`, by party id. */
  page(
    listVersion: string,
    { after, limit }: { readonly after: string | null; readonly limit: number },
  ): Promise<StaleScreening[]> {
    return this.dataSource.query(
      `select party_id as "partyId", status, screened_list_version as "screenedListVersion",
              screening_id as "screeningId"
         from parties join screenings using (party_id)
        where screened_list_version is not null and screened_list_version <> $1 and is_latest
          and ($2::uuid is null or party_id > $2)
        order by party_id limit $3`,
      [listVersion, after, limit],
    );
  }

  async count(): Promise<number> {
    const rows = await this.dataSource.query<{ count: string }[]>(
      `select count(*) from parties where screened_list_version is not null
         and screened_list_version <> coalesce((select version from sanctions_lists where in_force), '')`,
    );
    return Number(rows[0]?.count ?? 0);
  }

  /** For `/health/ready`. */
  async health(): Promise<readonly HealthSignal[]> {
    const partyCount = await this.count();
    return [{ name: 'stale-screenings', isDegraded: partyCount > 0, details: { partyCount } }];
  }
}
