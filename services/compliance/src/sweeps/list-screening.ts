import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ModuleRef } from '@nestjs/core';
import { streamIds } from '@specie/contracts';
import { type CommandHandler, type CommandContext } from '@specie/event-sourcing';
import {
  type Clock,
  derivedId,
  type Metrics,
  type HealthSignal,
  type Logger,
  requireSettled,
  type Sweep,
} from '@specie/nest-platform';
import type { DataSource } from 'typeorm';
import { candidateRows } from '../adapters/personal-data.js';
import type { ListInForce, SanctionsLists } from '../adapters/sanctions-lists.js';
import type { Screener } from '../adapters/screener.js';
import { partyAggregate, screenAgainstList } from '../domain/party/party.decider.js';
import { staleParties } from '../projections/stale-screenings.js';

/** Who froze a party, where nobody did but the comparison with a new list. */
export const listScreeningActor = derivedId('service', 'compliance', 'list screening');

const pageLength = 256;
/** Appended side by side, so that they share commits. */
const parallelCount = 32;

/**
 * Takes new lists into force and screens every party against them that was screened against an older one. What
 * is left to do is read from the database each time, so a crash, a lost race or a second instance leaves nothing
 * out and nothing twice.
 */
export class ListScreening {
  constructor(
    private readonly parts: {
      readonly lists: SanctionsLists;
      readonly screener: Screener;
      readonly commands: CommandHandler;
      readonly dataSource: DataSource;
      readonly clock: Clock;
      readonly logger: Logger;
      readonly metrics: Metrics;
    },
  ) {
    parts.metrics.addGauge(
      'specie_stale_screenings',
      'Parties whose last screening was against an older list',
      () => this.staleCount(),
    );
  }

  /** Whether there is a party to screen against the list in force, which may be one that has just come. */
  async isDue(): Promise<boolean> {
    const { lists, dataSource } = this.parts;
    await lists.refresh();
    const list = await lists.inForce();
    return (
      list !== null &&
      (await staleParties(dataSource.manager, list.version, { after: null, limit: 1 })).length > 0
    );
  }

  /** Screens until no party is stale that could be screened. */
  async run(): Promise<void> {
    const { lists, dataSource, logger } = this.parts;
    const list = await lists.inForce();
    if (list === null) {
      return;
    }
    let screenedCount = 0;
    let after: string | null = null;
    // One party that cannot be screened must not keep the others from it.
    const failures: PromiseRejectedResult[] = [];
    for (;;) {
      const page = await staleParties(dataSource.manager, list.version, {
        after,
        limit: pageLength,
      });
      for (let start = 0; start < page.length; start += parallelCount) {
        const group = page.slice(start, start + parallelCount);
        const settled = await Promise.allSettled(
          group.map(({ partyId }) => this.screen(partyId, list)),
        );
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
      logger.info({ version: list.version, screenedCount }, 'parties screened against a new list');
    }
  }

  /** For `/health/ready`. */
  async health(): Promise<readonly HealthSignal[]> {
    const { lists } = this.parts;
    const list = await lists.inForce();
    const { refusal } = lists;
    const staleCount = await this.staleCount();
    return [
      {
        name: 'sanctions-list',
        isDegraded: list === null || refusal !== null,
        details: {
          version: list?.version ?? null,
          entryCount: list?.index.entryCount ?? 0,
          ...(refusal === null ? {} : { refused: refusal }),
        },
      },
      { name: 'stale-screenings', isDegraded: staleCount > 0, details: { partyCount: staleCount } },
    ];
  }

  private async staleCount(): Promise<number> {
    const rows = await this.parts.dataSource.query<{ count: string }[]>(
      `select count(*) from parties where screened_list_version is not null
         and screened_list_version <> coalesce((select version from sanctions_lists where in_force), '')`,
    );
    return Number(rows[0]?.count ?? 0);
  }

  private async screen(partyId: string, list: ListInForce): Promise<void> {
    const { commands, screener, clock } = this.parts;
    // Comparing keeps the processor busy; requests get their turn in between.
    await nextTurn();
    const target = { streamId: streamIds.party(partyId), aggregate: partyAggregate };
    const { state } = await commands.load(target.streamId, partyAggregate);
    if (state.status === 'unknown') {
      return;
    }
    const { result, candidates } = await screener.compare(state, list);
    // A list may come back, so the screening before is part of the name of this one.
    const screeningId = derivedId(
      'list screening',
      partyId,
      list.version,
      state.screening?.screeningId ?? '',
    );
    const context: CommandContext = {
      commandId: derivedId('list screening command', screeningId),
      now: clock.now(),
      actor: 'service:compliance',
      correlationId: screeningId,
      causationId: screeningId,
    };
    const metadata = { now: context.now, actor: listScreeningActor };
    // What does not settle stays stale, and is tried again with the next run.
    requireSettled(
      await commands.handle({
        ...target,
        decide: (party) =>
          screenAgainstList({ data: { partyId, screeningId, ...result }, metadata }, party),
        context,
        sideRows: candidateRows(screeningId, candidates),
      }),
    );
  }
}

export const listScreeningSweep: Sweep = {
  name: 'compliance: new sanctions lists',
  everyMs: 1_000,
  isDue: (injector: ModuleRef) => injector.get(ListScreening, { strict: false }).isDue(),
  run: (injector: ModuleRef) => injector.get(ListScreening, { strict: false }).run(),
};
