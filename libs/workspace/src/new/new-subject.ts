import ts from 'typescript';
import { UsageError } from '../command-line.js';
import type { ChangeSet } from './change-set.js';
import { writeHere } from './command-texts.js';
import { addCommand } from './new-command.js';
import { requireService, readShape } from './subject-shape.js';
import { migrationText, subjectTexts, type NewSubject } from './subject-texts.js';
import type { SourceEdit } from './source-edit.js';
import type { Name } from './words.js';

/** What a person still has to do in the files of a subject, by their role. */
const leftIn: Readonly<Record<string, string>> = {
  state: 'say what is known of it, and how the events change it',
  table: 'add the columns',
  projection: 'write what the events change in the rows',
  query: 'give the answers to what is asked; see Readers for who sees what',
  dto: 'add the fields of the answer',
};

/** Adds a subject with its first command. @throws UsageError if it is there already */
export function addSubject(
  changes: ChangeSet,
  made: NewSubject & {
    readonly command: Name;
    readonly refusals: readonly string[];
    readonly roles: readonly string[];
  },
): void {
  const { service, subject, command, event, refusals, roles } = made;
  requireService(changes, service);
  const src = `services/${service.kebab}/src`;
  const folder = `${src}/${subject.kebab}`;
  if (changes.filesIn(folder).length > 0) {
    throw new UsageError(`${folder} is there already; npm run new -- command adds to it`);
  }
  addStreamId(changes, subject);
  changes.edit('libs/contracts/src/named-fields.ts', (source) => addNamedId(source, subject));
  for (const [role, text] of Object.entries(subjectTexts(made))) {
    const left = leftIn[role] ?? (text.includes(writeHere) ? 'say what it is' : null);
    changes.put(`${folder}/${subject.kebab}.${role}.ts`, text, left);
  }
  changes.put(`${src}/create-${subject.plural.kebab}.migration.ts`, migrationText(made));
  changes.edit(`${src}/app.module.ts`, (source) => {
    source.import(`./${subject.kebab}/${subject.kebab}.subject.js`, [`${subject.camel}Subject`]);
    const list = source
      .all(ts.isPropertyAssignment)
      .find(({ name }) => source.textOf(name) === 'subjects')?.initializer;
    if (!list || !ts.isArrayLiteralExpression(list))
      throw new Error('there is no list of subjects');
    source.addElement(list.elements, `${subject.camel}Subject`, (text) =>
      ['eligibilitySubject', 'attestationSubject'].includes(text),
    );
  });
  addCommand(changes, {
    shape: readShape(changes, service, subject),
    ...{ command, event, refusals, roles },
  });
}

function addStreamId(changes: ChangeSet, subject: Name): void {
  changes.edit('libs/contracts/src/streams.ts', (source) => {
    const ids = source.constant('streamIds');
    if (!ids || !ts.isObjectLiteralExpression(ids)) throw new Error('streams.ts has no streamIds');
    if (source.property(ids, subject.camel)) {
      throw new UsageError(`${subject.camel} is a stream of another subject; choose another name`);
    }
    const id = `${subject.camel}Id`;
    const kind = subject.kebab.replaceAll('-', '');
    const text = `${subject.camel}: (${id}: string) => \`${kind}-\${${id}}\` as const,`;
    source.addProperty(ids, subject.camel, text);
  });
}

/** The id of the subject among the fields that mean the same everywhere, with the next example. */
function addNamedId(source: SourceEdit, subject: Name): void {
  const name = `${subject.camel}Id`;
  if (source.constant(name)) return;
  const calls = source
    .all(ts.isCallExpression)
    .filter(({ expression }) => source.textOf(expression) === 'idOf');
  const numbers = calls.map(({ arguments: [number] }) => Number(number && source.textOf(number)));
  const last = calls.at(-1);
  let statement: ts.Node | undefined = last;
  while (statement && !ts.isSourceFile(statement.parent)) statement = statement.parent;
  if (!statement) throw new Error('named-fields.ts has no id');
  const next = Math.max(...numbers) + 1;
  source.insert(
    statement.getEnd(),
    `\nexport const ${name} = idOf(${next}, 'The ${subject.spaced}.');`,
  );
}
