import { eventTypesOf } from './messaging/event-pattern.js';
import type { Subject } from './subject.js';

/** What the subjects of a service bring together. */
export type MergedSubjects = Required<Omit<Subject, 'name'>> & {
  /** The event types that the consumers handle. */
  readonly eventsConsumed: readonly string[];
};

/**
 * Puts the subjects of a service together: migrations by their timestamps, everything else in the order of the
 * subjects, since a projection may refer to rows of the ones before it.
 *
 * @throws where two subjects bring different things by one name
 */
export function mergeSubjects(subjects: readonly Subject[]): MergedSubjects {
  const every = <Item>(itemsOf: (subject: Subject) => readonly Item[] | undefined): Item[] =>
    subjects.flatMap((subject) => itemsOf(subject) ?? []);
  const consumers = every(({ consumers }) => consumers);
  const attested = every(({ attested }) => attested);
  requireUnique('subjects', subjects);
  requireUnique('attested collections', attested);
  return {
    tables: every(({ tables }) => tables),
    migrations: every(({ migrations }) => migrations)
      .map((migration) => ({ migration, timestamp: timestampOf(migration) }))
      .sort((a, b) => a.timestamp - b.timestamp)
      .map(({ migration }) => migration),
    projections: every(({ projections }) => projections),
    controllers: every(({ controllers }) => controllers),
    consumers,
    eventsConsumed: [...new Set(consumers.flatMap(eventTypesOf))],
    providers: every(({ providers }) => providers),
    sweeps: every(({ sweeps }) => sweeps),
    attested,
    refusals: mergeTexts(
      'refusal',
      every(({ refusals }) => refusals && [refusals]),
    ),
    tags: mergeTexts(
      'tag',
      every(({ tags }) => tags && [tags]),
    ),
    health: async (injector) => {
      const signals = await Promise.all(
        every(({ health }) => health && [health]).map((health) => health(injector)),
      );
      return signals.flat();
    },
    onBecomeWriter: async (injector) => {
      for (const { onBecomeWriter } of subjects) {
        await onBecomeWriter?.(injector);
      }
    },
  };
}

/** The end of a migration's name, as TypeORM orders them. */
function timestampOf(migration: NonNullable<Subject['migrations']>[number]): number {
  const name = new migration().name ?? migration.name;
  const [timestamp] = /\d{13}$/.exec(name) ?? [];
  if (timestamp === undefined) {
    throw new Error(`the migration ${name} has no timestamp at the end of its name`);
  }
  return Number(timestamp);
}

function requireUnique(what: string, things: readonly { readonly name: string }[]): void {
  const names = things.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new Error(`two ${what} have the name ${repeated}`);
  }
}

/** Subjects may share a text, not word one thing in two ways. */
function mergeTexts<Text>(
  what: string,
  records: readonly Readonly<Record<string, Text>>[],
): Readonly<Record<string, Text>> {
  const texts = new Map<string, Text>();
  for (const [name, text] of records.flatMap((record) => Object.entries(record))) {
    if (texts.has(name) && texts.get(name) !== text) {
      throw new Error(`two subjects word the ${what} ${name} differently`);
    }
    texts.set(name, text);
  }
  return Object.fromEntries(texts);
}
