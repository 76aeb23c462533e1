import ts from 'typescript';
import type { ChangeSet } from './change-set.js';
import type { SourceEdit } from './source-edit.js';
import type { SubjectShape } from './subject-shape.js';

/** Lists a class or a projection in what the subject brings. */
export function listIn(
  changes: ChangeSet,
  shape: Pick<SubjectShape, 'folder' | 'subject'>,
  property: 'providers' | 'controllers' | 'projections',
  name: string,
  from: string,
): void {
  changes.edit(subjectFile(shape), (source) => {
    source.import(from, [name]);
    const list = propertyOf(source, property);
    if (!list) source.addProperty(definitionIn(source), property, `${property}: [${name}],`);
    else if (ts.isArrayLiteralExpression(list)) {
      source.addElement(list.elements, name, (text) =>
        property === 'providers' ? !text.endsWith('Handler') : false,
      );
    }
  });
}

export function subjectFile({ folder, subject }: Pick<SubjectShape, 'folder' | 'subject'>): string {
  return `${folder}/${subject.kebab}.subject.ts`;
}

/** The object that a subject is defined with. */
export function definitionIn(source: SourceEdit): ts.ObjectLiteralExpression {
  const call = source
    .all(ts.isCallExpression)
    .find(({ expression }) => source.textOf(expression) === 'defineSubject');
  const [definition] = call?.arguments ?? [];
  if (!definition || !ts.isObjectLiteralExpression(definition)) {
    throw new Error('there is no defineSubject({ ... })');
  }
  return definition;
}

function propertyOf(source: SourceEdit, name: string): ts.Expression | undefined {
  return source.property(definitionIn(source), name);
}
