import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { UsageError } from '../command-line.js';
import type { ChangeSet } from './change-set.js';
import type { SourceEdit } from './source-edit.js';
import { kebabOf, type Name } from './words.js';

/** What a command of a subject is written on: one stream of many, or the one stream that a single writer decides for. */
export interface SubjectShape {
  readonly service: string;
  readonly subject: Name;
  readonly folder: string;
  /** Where the state, the events and their fold are. */
  readonly stateFile: string;
  readonly state: string;
  readonly event: string;
  /** The types of its events, as they are called on the wire. */
  readonly eventTypes: readonly string[];
  readonly stream: { readonly name: string; readonly ids: readonly string[] } | null;
  /** Of a single writer: what makes the empty state, and the union of its commands. */
  readonly writer: { readonly initial: string; readonly commands: string } | null;
}

/** @throws UsageError if there is no such subject, or if it has no state that a command could change */
export function readShape(changes: ChangeSet, service: Name, subject: Name): SubjectShape {
  const src = `services/${service.kebab}/src`;
  requireService(changes, service);
  const subjects = foldersOf(changes.root, src);
  const folder = `${src}/${subject.kebab}`;
  if (!changes.has(`${folder}/${subject.kebab}.subject.ts`)) {
    requireOneOf(subjects, subject.kebab, 'subject', `subject ${service.kebab} ${subject.kebab}`);
  }
  const found = ['state', 'decider']
    .map((role) => `${folder}/${subject.kebab}.${role}.ts`)
    .filter((path) => changes.has(path))
    .flatMap((path) => shapeIn(changes.source(path), path) ?? [])
    .at(0);
  if (!found) {
    const others = subjects.filter((each) => changes.has(`${src}/${each}/${each}.state.ts`));
    throw new UsageError(
      `${subject.kebab} has no state of its own; name the subject whose stream records the event: ${others.join(', ')}`,
    );
  }
  const { initial = '', ...shape } = found;
  const eventTypes = membersOf(changes.source(shape.stateFile), shape.event)
    .map(kebabOf)
    .filter((kebab) => changes.has(`libs/contracts/src/${service.kebab}/${kebab}.ts`))
    .map((kebab) => `${service.kebab}.${kebab}`);
  const commandsFile = `${folder}/${subject.kebab}.commands.ts`;
  const commands = shape.stream ? null : commandUnionIn(changes, commandsFile);
  return {
    service: service.kebab,
    subject,
    folder,
    ...shape,
    eventTypes,
    writer: commands === null ? null : { initial, commands },
  };
}

/** @throws UsageError if there is no such service */
export function requireService(changes: ChangeSet, service: Name): void {
  if (changes.has(`services/${service.kebab}/src/app.module.ts`)) return;
  const services = foldersOf(changes.root, 'services');
  requireOneOf(services, service.kebab, 'service', `service ${service.kebab}`);
}

type FoundShape = Pick<SubjectShape, 'stateFile' | 'state' | 'event' | 'stream'> & {
  readonly initial?: string | undefined;
};

/** A function that answers a `StreamRef`, or a fold that changes its state in place. */
function shapeIn(source: SourceEdit, stateFile: string): FoundShape | null {
  const functions = source.all(ts.isFunctionDeclaration);
  for (const { name, type, parameters } of functions) {
    if (
      name &&
      type &&
      ts.isTypeReferenceNode(type) &&
      source.textOf(type.typeName) === 'StreamRef'
    ) {
      const [state, event] = type.typeArguments ?? [];
      const ids = parameters.map((each) => source.textOf(each.name));
      if (state && event) {
        const stream = { name: name.text, ids };
        return { stateFile, state: source.textOf(state), event: source.textOf(event), stream };
      }
    }
  }
  const [folded, changed] = functions.find(({ name }) => name?.text === 'evolve')?.parameters ?? [];
  if (!folded?.type || !changed?.type) return null;
  const state = source.textOf(folded.type);
  const initial = functions.find(
    ({ type, parameters }) => type && source.textOf(type) === state && parameters.length === 0,
  );
  const event = /\w+Event\b/.exec(source.textOf(changed.type))?.[0];
  return event === undefined
    ? null
    : { stateFile, state, event, stream: null, initial: initial?.name && `${initial.name.text}()` };
}

function membersOf(source: SourceEdit, alias: string): readonly string[] {
  const type = source.all(ts.isTypeAliasDeclaration).find(({ name }) => name.text === alias)?.type;
  if (!type) return [];
  return (ts.isUnionTypeNode(type) ? type.types : [type]).map((each) => source.textOf(each));
}

function commandUnionIn(changes: ChangeSet, path: string): string | null {
  if (!changes.has(path)) return null;
  const union = changes
    .source(path)
    .all(ts.isTypeAliasDeclaration)
    .find(({ name, type }) => name.text.endsWith('Command') && ts.isUnionTypeNode(type));
  return union?.name.text ?? null;
}

function foldersOf(root: string, parent: string): readonly string[] {
  if (!existsSync(join(root, parent))) return [];
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function requireOneOf(names: readonly string[], name: string, what: string, how: string): void {
  if (!names.includes(name)) {
    throw new UsageError(
      `There is no ${what} ${name}; npm run new -- ${how} makes one. There are: ${names.join(', ')}`,
    );
  }
}
