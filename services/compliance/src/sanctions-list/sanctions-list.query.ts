import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ScreeningIndex } from '../matcher/screening-index.js';
import { textsOf } from './list-source.adapter.js';
import { readOfacList } from './ofac-list.js';
import type { AcceptedList } from './sanctions-list.decider.js';
import { sanctionsListTable } from './sanctions-list.table.js';

/** The list that parties are screened against. */
export interface ListInForce {
  readonly version: string;
  readonly index: ScreeningIndex;
}

@Injectable()
export class SanctionsListQuery {
  private loaded: ListInForce | null = null;

  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Null while no list was ever accepted: nobody can be screened or approved then. */
  async versionInForce(): Promise<string | null> {
    const row = await this.dataSource.getRepository(sanctionsListTable.entity).findOne({
      select: { version: true },
      where: { inForce: true },
    });
    return row?.version ?? null;
  }

  /** As `versionInForce`, ready for screening. */
  async inForce(): Promise<ListInForce | null> {
    const version = await this.versionInForce();
    if (version === null) return null;
    if (this.loaded?.version !== version) {
      this.loaded = await this.load(version);
    }
    return this.loaded;
  }

  /** All that were ever accepted. */
  accepted(): Promise<AcceptedList[]> {
    return this.dataSource.getRepository(sanctionsListTable.entity).find({
      select: {
        version: true,
        inForce: true,
        entryCount: true,
        aliasCount: true,
        addressCount: true,
      },
    });
  }

  private async load(version: string): Promise<ListInForce> {
    const { sdn, alt, addresses, comments } = await this.dataSource
      .getRepository(sanctionsListTable.entity)
      .findOneByOrFail({ version });
    const { entries } = readOfacList(textsOf([sdn, alt, addresses, comments]));
    return { version, index: new ScreeningIndex(entries) };
  }
}
