import ts from 'typescript';
import type { ChangeSet } from './change-set.js';
import { statusOf, writeHere, type NewCommand } from './command-texts.js';
import { definitionIn, subjectFile } from './list-in.js';
import { bare, type SourceEdit } from './source-edit.js';

/** Status and text of every refusal of the command; a code that the service words elsewhere keeps its text. */
export function addRefusals(changes: ChangeSet, made: NewCommand): void {
  const { shape, command, refusals } = made;
  const { folder, subject } = shape;
  const path = `${folder}/${subject.kebab}.refusals.ts`;
  if (!changes.has(path)) {
    changes.put(path, emptyText(made));
    changes.edit(subjectFile(shape), (source) => {
      source.import(`./${subject.kebab}.refusals.js`, [`${subject.camel}Refusals`]);
      source.addProperty(definitionIn(source), 'refusals', `refusals: ${subject.camel}Refusals,`);
    });
  }
  const known = wordedIn(changes, `services/${shape.service}/src`);
  const unworded = refusals.filter((code) => !known.has(code));
  const rejection = `${command.pascal}Rejection`;
  changes.edit(
    path,
    (source) => {
      source.import(`./${subject.kebab}.decider.js`, [`type ${rejection}`]);
      const statuses = refusals.map((code) => `${code}: ${statusOf(code)},`).join('\n');
      const status = `export const ${command.camel}Status = {\n${statuses}\n} as const satisfies Record<${rejection}, number>;`;
      const texts = textsIn(source);
      if (!texts) {
        source.append(status);
        return;
      }
      for (const code of unworded) {
        const object = objectIn(source);
        if (object) {
          source.addProperty(object, code, `${code}: ['${writeHere} what to do about it.'],`);
        }
      }
      const codes = codesOf(textsIn(source));
      if (codes) {
        const elsewhere = refusals.filter(
          (code) => !unworded.includes(code) && !isIn(source, code),
        );
        const own =
          elsewhere.length === 0
            ? rejection
            : `Exclude<${rejection}, ${elsewhere.map((code) => `'${code}'`).join(' | ')}>`;
        source.widen(codes, own);
      }
      const last = textsIn(source);
      if (last) source.insertBefore(last, status);
    },
    'check the status; say what to do about each refusal',
  );
}

/** The object of texts by code, which `satisfies Record<Codes, RefusalText>`. */
function textsIn(source: SourceEdit): ts.SatisfiesExpression | undefined {
  return source.all(ts.isSatisfiesExpression).find(({ type }) => {
    const value = ts.isTypeReferenceNode(type) ? type.typeArguments?.[1] : undefined;
    return value && /RefusalText|string\[\]/.test(source.textOf(value));
  });
}

function codesOf(texts: ts.SatisfiesExpression | undefined): ts.TypeNode | undefined {
  return texts && ts.isTypeReferenceNode(texts.type) ? texts.type.typeArguments?.[0] : undefined;
}

function isIn(source: SourceEdit, code: string): boolean {
  return keysOf(source).includes(code);
}

function keysOf(source: SourceEdit): readonly string[] {
  const properties = objectIn(source)?.properties ?? [];
  return properties.flatMap(({ name }) => (name ? [source.textOf(name)] : []));
}

function objectIn(source: SourceEdit): ts.ObjectLiteralExpression | undefined {
  const texts = textsIn(source);
  const object = texts && bare(texts);
  return object && ts.isObjectLiteralExpression(object) ? object : undefined;
}

/** The codes that the refusals of a service have words for. */
function wordedIn(changes: ChangeSet, src: string): ReadonlySet<string> {
  return new Set(
    changes
      .filesIn(src)
      .filter((path) => path.endsWith('.refusals.ts'))
      .flatMap((path) => keysOf(changes.source(path))),
  );
}

function emptyText({ shape }: NewCommand): string {
  return `import type { RefusalText } from '@specie/nest-platform';

/** What to do about each refusal. */
export const ${shape.subject.camel}Refusals = {} satisfies Record<never, RefusalText>;
`;
}
