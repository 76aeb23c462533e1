import { Inject, Injectable } from '@nestjs/common';
import type { HealthSignal } from '@specie/nest-platform';
import type { z } from 'zod';
import { ListInstaller } from './list-installer.adapter.js';
import type { listResponse } from './sanctions-list.dto.js';
import { SanctionsListQuery } from './sanctions-list.query.js';

/** The list in force, and why the files at hand are not. */
@Injectable()
export class ListStatusQuery {
  constructor(
    @Inject(SanctionsListQuery) private readonly lists: SanctionsListQuery,
    @Inject(ListInstaller) private readonly installer: ListInstaller,
  ) {}

  async shown(): Promise<z.output<typeof listResponse>> {
    const list = await this.lists.inForce();
    const { refusal } = this.installer;
    return {
      version: list?.version ?? null,
      entryCount: list?.index.entryCount ?? 0,
      refused: refusal && { ...refusal, problems: [...refusal.problems] },
    };
  }

  /** For `/health/ready`. */
  async health(): Promise<readonly HealthSignal[]> {
    const { version, entryCount, refused } = await this.shown();
    return [
      {
        name: 'sanctions-list',
        isDegraded: version === null || refused !== null,
        details: { version, entryCount, ...(refused === null ? {} : { refused }) },
      },
    ];
  }
}
