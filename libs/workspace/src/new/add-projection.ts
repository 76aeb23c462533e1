import ts from 'typescript';
import type { ChangeSet } from './change-set.js';
import { typeOf, type NewCommand } from './command-texts.js';
import { listIn } from './list-in.js';
import type { SourceEdit } from './source-edit.js';

/** The event in every projection of all events of its stream: ignored until somebody shows it. */
export function addProjection(changes: ChangeSet, made: NewCommand): void {
  const { shape } = made;
  const src = `services/${shape.service}/src`;
  const type = typeOf(made);
  const projections = changes.filesIn(src).filter((each) => each.endsWith('.projection.ts'));
  for (const path of projections) {
    const isOwn = path.startsWith(`${shape.folder}/`);
    changes.edit(
      path,
      (source) => {
        while (addIgnored(source, shape.eventTypes, type));
      },
      isOwn ? 'show the event, unless it changes no row' : null,
    );
  }
  if (!projections.some((path) => changes.read(path).includes(`'${type}'`))) {
    createProjection(changes, made);
  }
}

/** @returns whether a projection lacked the type */
function addIgnored(source: SourceEdit, others: readonly string[], type: string): boolean {
  for (const call of source.all(ts.isCallExpression)) {
    const [definition] = call.arguments;
    if (source.textOf(call.expression) !== 'defineProjection' || !definition) continue;
    const events = ts.isObjectLiteralExpression(definition)
      ? source.property(definition, 'events')
      : undefined;
    if (!events || !ts.isObjectLiteralExpression(events)) continue;
    const keys = events.properties.map(({ name }) => name && source.textOf(name));
    const isOfAll = others.length > 0 && others.every((other) => keys.includes(`'${other}'`));
    if (!isOfAll || keys.includes(`'${type}'`)) continue;
    source.addProperty(events, type, `'${type}': 'ignored',`);
    return true;
  }
  return false;
}

function createProjection(changes: ChangeSet, made: NewCommand): void {
  const { shape, event } = made;
  const { folder, subject } = shape;
  const path = `${folder}/${subject.kebab}.projection.ts`;
  const name = `${event.camel}Projection`;
  if (!changes.has(path)) changes.put(path, '');
  changes.edit(
    path,
    (source) => {
      source.import('@specie/contracts', [`type ${event.pascal}`]);
      source.import('@specie/postgres-event-store', ['defineProjection']);
      source.append(`export const ${name} = defineProjection<${event.pascal}, null>({
  name: '${event.snake}',
  changes: () => null,
  events: { '${typeOf(made)}': 'ignored' },
  write: () => Promise.resolve(),
});`);
    },
    'show the event, unless it changes no row',
  );
  listIn(changes, shape, 'projections', name, `./${subject.kebab}.projection.js`);
}
