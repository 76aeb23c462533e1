import type { BandsSet, BookOpened, PhaseChanged } from '@specie/contracts';
import { assertPossible } from '@specie/event-sourcing';
import { defineProjection, type PlacedEvent } from '@specie/postgres-event-store';
import { In, type EntityManager } from 'typeorm';
import type { CalendarEvent } from './session.state.js';
import { plannedChanges, type Calendar } from './planned-changes.js';
import { nextStep, type Session } from './session-plan.js';
import {
  calendarOf,
  calendarTable,
  sessionOf,
  sessionTable,
  type SessionRow,
} from './session.table.js';
import { stepIds } from './step-ids.js';

type SessionEvent = BandsSet | BookOpened | CalendarEvent | PhaseChanged;
type Bands = Omit<BandsSet['data'], 'seriesId'>;

interface Followed extends Session {
  readonly bands: Bands;
}

interface Changes {
  readonly sessions: Map<string, Followed>;
  readonly opened: Set<string>;
  /** By series, in the order of their versions. */
  readonly calendars: Map<string, readonly Calendar[]>;
  readonly announced: (Calendar & { readonly announcedAt: string })[];
}

/** Phases, bands and calendars, and from them when each book changes next. */
export const sessionProjection = defineProjection<SessionEvent, Changes>({
  name: 'sessions',
  changes: before,
  events: {
    'market.book-opened': ({ sessions, opened }, { data: { seriesId, phase }, occurredAt }) => {
      const sinceMs = Date.parse(occurredAt);
      const session = { phase, sinceMs, cause: 'opened', plannedThroughMs: sinceMs } as const;
      sessions.set(seriesId, { ...session, bands: noBands });
      opened.add(seriesId);
    },
    'market.phase-changed': ({ sessions, calendars }, event) => {
      const { seriesId, to, cause } = event.data;
      const session = known(sessions, seriesId);
      const plannedThroughMs = plannedThrough(session, calendars.get(seriesId) ?? [], event);
      const sinceMs = Date.parse(event.occurredAt);
      sessions.set(seriesId, { ...session, phase: to, cause, sinceMs, plannedThroughMs });
    },
    'market.bands-set': ({ sessions }, { data: { seriesId, ...bands } }) => {
      const session = known(sessions, seriesId);
      const referencePriceTicks = bands.referencePriceTicks || session.bands.referencePriceTicks;
      sessions.set(seriesId, { ...session, bands: { ...bands, referencePriceTicks } });
    },
    'market.calendar-set': ({ calendars, announced }, { data, occurredAt }) => {
      calendars.set(data.seriesId, [...(calendars.get(data.seriesId) ?? []), data]);
      announced.push({ ...data, announcedAt: occurredAt });
    },
  },
  write: async (manager, { sessions, opened, calendars, announced }) => {
    const rows = [...sessions].map(([seriesId, session]) =>
      rowOf(seriesId, session, calendars.get(seriesId) ?? []),
    );
    const isNew = ({ seriesId }: { readonly seriesId: string }): boolean => opened.has(seriesId);
    await sessionTable.insert(manager, rows.filter(isNew));
    await sessionTable.set(
      manager,
      rows.filter((row) => !isNew(row)),
    );
    await calendarTable.insert(manager, announced);
  },
});

const noBands: Bands = {
  staticLowTicks: 0,
  staticHighTicks: 0,
  dynamicPpm: 0,
  referencePriceTicks: 0,
};

/** How far the calendar has come with a change of phase: an operator's choice stands until the next planned change. */
function plannedThrough(
  { plannedThroughMs }: Session,
  calendars: readonly Calendar[],
  { commandId, occurredAt, data: { seriesId, cause } }: PlacedEvent<PhaseChanged>,
): number {
  const atMs = Date.parse(occurredAt);
  if (cause === 'operator') return atMs;
  if (cause === 'band') return plannedThroughMs;
  for (const change of plannedChanges(calendars, plannedThroughMs)) {
    if (change.atMs > atMs) break;
    if (stepIds(seriesId, change).includes(commandId)) return change.atMs;
  }
  return plannedThroughMs;
}

function rowOf(seriesId: string, session: Followed, calendars: readonly Calendar[]) {
  const { phase, cause, sinceMs, plannedThroughMs, bands } = session;
  const next = nextStep(calendars, session);
  return {
    ...{ seriesId, phase, cause },
    since: new Date(sinceMs).toISOString(),
    plannedThrough: new Date(plannedThroughMs).toISOString(),
    dueAt: next && new Date(next.atMs).toISOString(),
    ...bands,
  };
}

async function before(
  manager: EntityManager,
  events: readonly PlacedEvent<SessionEvent>[],
): Promise<Changes> {
  const ids = { seriesId: In([...new Set(events.map(({ data }) => data.seriesId))]) };
  const rows = await manager.findBy(sessionTable.entity, ids);
  const versions = await manager.find(calendarTable.entity, {
    where: ids,
    order: { calendarVersion: 'ASC' },
  });
  const calendars = new Map<string, readonly Calendar[]>();
  for (const row of versions) {
    calendars.set(row.seriesId, [...(calendars.get(row.seriesId) ?? []), calendarOf(row)]);
  }
  return {
    sessions: new Map(rows.map((row) => [row.seriesId, followed(row)])),
    opened: new Set(),
    calendars,
    announced: [],
  };
}

function followed(row: SessionRow): Followed {
  const { staticLowTicks, staticHighTicks, dynamicPpm, referencePriceTicks } = row;
  const bands = { staticLowTicks, staticHighTicks, dynamicPpm, referencePriceTicks };
  return { ...sessionOf(row), bands };
}

function known(sessions: Changes['sessions'], seriesId: string): Followed {
  const session = sessions.get(seriesId);
  assertPossible(session !== undefined, 'a book is opened before anything changes in it');
  return session;
}
