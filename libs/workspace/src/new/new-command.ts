import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { UsageError } from '../command-line.js';
import { addProjection } from './add-projection.js';
import { addRefusals } from './add-refusals.js';
import { addRoute } from './add-route.js';
import type { ChangeSet } from './change-set.js';
import {
  decisionText,
  eventText,
  handlerText,
  rejectionsText,
  specText,
  typeOf,
  writeHere,
  type NewCommand,
} from './command-texts.js';
import { addCase, completeSwitches, switchesOver } from './complete-switches.js';
import { completeTables } from './complete-tables.js';
import { listIn } from './list-in.js';
import type { SourceEdit } from './source-edit.js';

const specLinesMax = 400;

/** Adds a command with its event and its endpoint. @throws UsageError if a name is taken */
export function addCommand(changes: ChangeSet, made: NewCommand): void {
  requireFree(changes, made);
  const { shape, command, event } = made;
  const decisions = decisionsIn(changes, made);
  addEvent(changes, made);
  changes.edit(
    shape.stateFile,
    (source) => {
      source.import('@specie/contracts', [`type ${event.pascal}`]);
      source.addToUnion(shape.event, event.pascal);
      addFold(made, source);
    },
    'fold the event',
  );
  addDecision(changes, made);
  addSpec(changes, made);
  changes.put(
    `${shape.folder}/${command.kebab}.handler.ts`,
    handlerText(made),
    'learn what the rules must know; refuse who may not ask',
  );
  listIn(changes, shape, 'providers', `${command.pascal}Handler`, `./${command.kebab}.handler.js`);
  addRefusals(changes, made);
  addRoute(changes, made);
  addProjection(changes, made);
  completeSwitches(changes, made);
  completeTables(changes, made, decisions);
}

/** The functions of the decider that decide a command. */
function decisionsIn(changes: ChangeSet, { shape }: NewCommand): readonly string[] {
  const path = `${shape.folder}/${shape.subject.kebab}.decider.ts`;
  if (!changes.has(path)) return [];
  const source = changes.source(path);
  return source.all(ts.isFunctionDeclaration).flatMap(({ name, parameters, type }) => {
    const isDecision = type && /^(Accepted|\w*Decision)\b/.test(source.textOf(type));
    return name && parameters.length === 2 && isDecision ? [name.text] : [];
  });
}

function requireFree(changes: ChangeSet, { shape, command, event }: NewCommand): void {
  const handler = `${shape.folder}/${command.kebab}.handler.ts`;
  if (changes.has(handler)) {
    throw new UsageError(`${handler} is there already; choose another name for the command`);
  }
  const contracts = 'libs/contracts/src';
  for (const service of readdirSync(join(changes.root, contracts))) {
    if (existsSync(join(changes.root, contracts, service, `${event.kebab}.ts`))) {
      throw new UsageError(
        `${service} has an event ${event.kebab} already; events of all services differ in their names`,
      );
    }
  }
  for (const role of ['state', 'decider', 'commands']) {
    const path = `${shape.folder}/${shape.subject.kebab}.${role}.ts`;
    const source = changes.has(path) ? changes.source(path) : null;
    const taken = [command.camel, command.pascal].find((name) => source?.declares(name));
    if (taken !== undefined) {
      throw new UsageError(
        `${path} declares ${taken} already; choose another name for the command`,
      );
    }
  }
}

function addEvent(changes: ChangeSet, made: NewCommand): void {
  const { shape, event } = made;
  const folder = `libs/contracts/src/${shape.service}`;
  const named = changes.read('libs/contracts/src/named-fields.ts');
  changes.put(
    `${folder}/${event.kebab}.ts`,
    eventText(made, (id) => named.includes(`export const ${id} =`)),
    'say what happened; add the fields of the event',
  );
  const index = `${folder}/index.ts`;
  const lines = changes
    .read(index)
    .split('\n')
    .filter((line) => line !== '');
  changes.put(index, [...lines, `export * from './${event.kebab}.js';`].sort().join('\n') + '\n');
}

/** The event in the fold of its state: in the function that ends with `assertNever`. */
function addFold(made: NewCommand, source: SourceEdit): void {
  const [fold] = switchesOver(source, '.type');
  if (!fold) {
    throw new Error(`${made.shape.stateFile} has no switch over the types of its events`);
  }
  const wanted = `${writeHere} what ${typeOf(made)} changes of the state`;
  addCase(source, fold, `'${typeOf(made)}'`, `throw new Error('${wanted}');`);
}

function addDecision(changes: ChangeSet, made: NewCommand): void {
  const { shape, command, event } = made;
  const { folder, subject, stateFile, stream, writer } = shape;
  const path = `${folder}/${subject.kebab}.decider.ts`;
  if (!changes.has(path)) changes.put(path, '');
  changes.edit(
    path,
    (source) => {
      source.import('@specie/event-sourcing', ['accept', 'type Decision']);
      if (stateFile !== path) {
        const module = `.${stateFile.slice(folder.length, -'.ts'.length)}.js`;
        source.import(module, [`type ${shape.state}`, `type ${shape.event}`]);
      }
      if (stream) {
        source.import('@specie/contracts', [`type ${event.pascal}`]);
        source.import('@specie/event-sourcing', ['type CommandMetadata']);
      } else {
        source.import(`./${subject.kebab}.commands.js`, [`type ${command.pascal}`]);
      }
      source.append(`${rejectionsText(made)}\n\n${decisionText(made)}`);
      if (writer) addToWriter(made, source);
    },
    'write the rules',
  );
  if (writer) addToCommands(changes, made, writer.commands);
}

/** A single writer finds the decision by the kind of its command. */
function addToWriter({ shape, command }: NewCommand, source: SourceEdit): void {
  const rejections = source
    .all(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === 'RejectionsByCommand');
  if (rejections) {
    const member = `readonly '${command.kebab}': ${command.pascal}Rejection;\n`;
    source.insert(rejections.members.end, `\n${member}`);
  }
  const [dispatch] = switchesOver(source, '.kind');
  if (!dispatch) {
    throw new Error(`${shape.subject.kebab}.decider.ts has no switch over the kinds of commands`);
  }
  const [command_, state] = source
    .all(ts.isFunctionDeclaration)
    .find(({ name }) => name?.text === 'decide')
    ?.parameters.map((each) => source.textOf(each.name)) ?? ['command', 'state'];
  const decided = `return ${command.camel}(${command_}, ${state});`;
  addCase(source, dispatch, `'${command.kebab}'`, decided);
}

function addToCommands(changes: ChangeSet, made: NewCommand, union: string): void {
  const { shape, command, event } = made;
  changes.edit(`${shape.folder}/${shape.subject.kebab}.commands.ts`, (source) => {
    source.import('@specie/contracts', [`type ${event.pascal}`]);
    source.addToUnion(union, command.pascal);
    const alias = source.all(ts.isTypeAliasDeclaration).find(({ name }) => name.text === union);
    const text = `export type ${command.pascal} = { readonly kind: '${command.kebab}' } & ${event.pascal}['data'];`;
    if (alias) source.insertBefore(alias, text);
  });
}

/** The refusal table; in a spec of its own where the subject's would grow too long. */
function addSpec(changes: ChangeSet, made: NewCommand): void {
  const { folder, subject, stateFile, stream, event, state, writer } = made.shape;
  const { command } = made;
  const text = specText(made);
  const common = `${folder}/${subject.kebab}.decider.spec.ts`;
  const lineCount = changes.has(common) ? changes.read(common).split('\n').length : 0;
  const isRoom = lineCount + text.split('\n').length + 10 < specLinesMax;
  const path = isRoom ? common : `${folder}/${command.kebab}.decider.spec.ts`;
  if (!changes.has(path)) changes.put(path, '');
  changes.edit(
    path,
    (source) => {
      source.import('@specie/event-sourcing', ['reject']);
      source.import('vitest', ['describe', 'expect', 'it']);
      const own = [command.camel, `${command.camel}Rejections`, `type ${command.pascal}Rejection`];
      source.import(`./${subject.kebab}.decider.js`, own);
      const folded = stream ? [stream.name] : ['evolve', (writer?.initial ?? '').replace('()', '')];
      const module = `.${stateFile.slice(folder.length, -'.ts'.length)}.js`;
      source.import(module, [...folded, `type ${state}`, `type ${event}`]);
      if (writer) source.import(`./${subject.kebab}.commands.js`, [`type ${command.pascal}`]);
      source.append(text);
    },
    'make every row of the refusal table a case',
  );
}
