import ts from 'typescript';
import type { ChangeSet } from './change-set.js';
import { idsOf, type NewCommand } from './command-texts.js';
import type { SourceEdit } from './source-edit.js';

/**
 * The command in tables of the service that say something of every command of the subject, by the names of the
 * functions that decide: the commonest value, or what a table says of its last command, with no more data than the ids.
 */
export function completeTables(
  changes: ChangeSet,
  made: NewCommand,
  others: readonly string[],
): void {
  if (others.length < 2) return;
  const sources = changes
    .filesIn(`services/${made.shape.service}/src`)
    .filter((each) => each.endsWith('.ts'));
  for (const path of sources) {
    const isSpec = path.endsWith('.spec.ts');
    changes.edit(
      path,
      (source) => {
        const { camel } = made.command;
        const table = source
          .all(ts.isObjectLiteralExpression)
          .find((each) => others.every((name) => source.property(each, name)));
        const value = table && valueIn(source, table, made);
        if (table && value !== undefined) source.addProperty(table, camel, `${camel}: ${value},`);
      },
      isSpec ? 'give the scenario of the command what the event says' : null,
    );
  }
}

function valueIn(
  source: SourceEdit,
  table: ts.ObjectLiteralExpression,
  made: NewCommand,
): string | undefined {
  const values = table.properties.filter(ts.isPropertyAssignment);
  const texts = values.map(({ initializer }) => source.textOf(initializer));
  const countOf = (text: string): number => texts.filter((each) => each === text).length;
  const [commonest] = [...texts].sort((a, b) => countOf(b) - countOf(a));
  if (commonest !== undefined && countOf(commonest) > 1) return commonest;
  const last = values.at(-1);
  return last && likeLast(source, last, made);
}

function likeLast(source: SourceEdit, last: ts.PropertyAssignment, made: NewCommand): string {
  const start = last.initializer.getStart();
  const text = source.textOf(last.initializer);
  const data = source
    .all(ts.isPropertyAssignment)
    .find(
      ({ name, pos, end }) => source.textOf(name) === 'data' && pos >= start && end <= last.end,
    );
  const asked = data?.initializer;
  const ids = idsOf(made.shape);
  const kept =
    asked && ts.isObjectLiteralExpression(asked)
      ? asked.properties.filter(({ name }) => name && ids.includes(source.textOf(name)))
      : [];
  const reduced = asked
    ? `${text.slice(0, asked.getStart() - start)}{ ${kept.map((each) => source.textOf(each)).join(', ')} }${text.slice(asked.end - start)}`
    : text;
  return reduced.replaceAll(source.textOf(last.name), made.command.camel);
}
