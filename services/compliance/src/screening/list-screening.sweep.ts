import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import {
  Clock,
  derivedId,
  LOGGER,
  Metrics,
  requireSettled,
  type Logger,
  type Sweep,
} from '@specie/nest-platform';
import { ListInstaller } from '../sanctions-list/list-installer.adapter.js';
import { SanctionsListQuery } from '../sanctions-list/sanctions-list.query.js';
import { ScreenAgainstListHandler } from './screen-against-list.handler.js';
import { StaleScreeningsQuery, type StaleScreening } from './stale-screenings.query.js';

const pageLength = 256;
/** Appended side by side, so that they share commits. */
const parallelCount = 32;

/**
 * Takes new lists into force and screens every party against them that was screened against an older one. What
 * is left to do is read from the database each time, so a crash, a lost race or a second instance leaves nothing
 * out and nothing twice.
 */
@Injectable()
export class ListScreening {
  constructor(
    @Inject(ListInstaller) private readonly installer: ListInstaller,
    @Inject(ScreenAgainstListHandler) private readonly screenAgainstList: ScreenAgainstListHandler,
    @Inject(SanctionsListQuery) private readonly lists: SanctionsListQuery,
    @Inject(StaleScreeningsQuery) private readonly stale: StaleScreeningsQuery,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(Metrics) metrics: Metrics,
  ) {
    metrics.addGauge(
      'specie_stale_screenings',
      'Parties whose last screening was against an older list',
      () => stale.count(),
    );
  }

  /** Whether there are new files to look at, or a party to screen against the list in force. */
  async isDue(): Promise<boolean> {
    if (await this.installer.haveFilesChanged()) {
      return true;
    }
    const version = await this.lists.versionInForce();
    return (
      version !== null && (await this.stale.page(version, { after: null, limit: 1 })).length > 0
    );
  }

  /** Takes the files into force if they changed, then screens until no party is stale that could be screened. */
  async run(): Promise<void> {
    await this.installer.install();
    const version = await this.lists.versionInForce();
    if (version === null) {
      return;
    }
    let screenedCount = 0;
    let after: string | null = null;
    // One party that cannot be screened must not keep the others from it.
    const failures: PromiseRejectedResult[] = [];
    for (;;) {
      const page = await this.stale.page(version, { after, limit: pageLength });
      for (let start = 0; start < page.length; start += parallelCount) {
        const group = page.slice(start, start + parallelCount);
        const settled = await Promise.allSettled(group.map((party) => this.screen(party, version)));
        failures.push(...settled.filter((one) => one.status === 'rejected'));
        screenedCount += group.length;
      }
      const last = page.at(-1);
      if (last === undefined) {
        break;
      }
      after = last.partyId;
    }
    if (failures.length > 0) {
      throw new Error(`${failures.length} of ${screenedCount} parties could not be screened`, {
        cause: failures[0]?.reason,
      });
    }
    if (screenedCount > 0) {
      this.logger.info({ version, screenedCount }, 'parties screened against a new list');
    }
  }

  private async screen(party: StaleScreening, listVersion: string): Promise<void> {
    // Comparing keeps the processor busy; requests get their turn in between.
    await nextTurn();
    const { partyId } = party;
    // A list may come back, so the screening before is part of the name of this one.
    const screeningId = derivedId('list screening', partyId, listVersion, party.screeningId);
    // What does not settle stays stale, and is tried again with the next run.
    requireSettled(
      await this.screenAgainstList.handle(
        { partyId, screeningId },
        {
          commandId: derivedId('list screening command', screeningId),
          now: this.clock.now(),
          actor: 'service:compliance',
          correlationId: screeningId,
          causationId: screeningId,
        },
      ),
    );
  }
}

export const listScreeningSweep: Sweep = {
  name: 'compliance: new sanctions lists',
  everyMs: 1_000,
  isDue: (injector: ModuleRef) => injector.get(ListScreening, { strict: false }).isDue(),
  run: (injector: ModuleRef) => injector.get(ListScreening, { strict: false }).run(),
};
