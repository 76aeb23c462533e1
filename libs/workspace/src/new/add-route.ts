import ts from 'typescript';
import type { ChangeSet } from './change-set.js';
import { idsOf, operationText, routeText, type NewCommand } from './command-texts.js';
import { definitionIn, listIn, subjectFile } from './list-in.js';
import type { SourceEdit } from './source-edit.js';

/** The request of a command and its route: one line that calls the handler. */
export function addRoute(changes: ChangeSet, made: NewCommand): void {
  const { shape, command } = made;
  const { folder, subject } = shape;
  const params = addRequest(changes, made);
  const path = `${folder}/${subject.kebab}.controller.ts`;
  if (!changes.has(path)) addController(changes, made, path);
  changes.edit(
    path,
    (source) => {
      const found = controllerIn(source);
      if (!found) throw new Error(`${path} has no class with @Controller`);
      source.import('@nestjs/common', ['Inject', 'Post']);
      source.import('@specie/event-sourcing', ['type CommandContext']);
      const platform = [
        'answerOf',
        'Command',
        'Input',
        'Operation',
        'writeResponse',
        'type InputOf',
      ];
      source.import('@specie/nest-platform', platform);
      const dto = [`${command.camel}Request`, ...(params === null ? [] : [params])];
      source.import(`./${subject.kebab}.dto.js`, dto);
      source.import(`./${subject.kebab}.refusals.js`, [`${command.camel}Status`]);
      source.import(`./${command.kebab}.handler.js`, [`${command.pascal}Handler`]);
      addParameter(source, command.camel, `${command.pascal}Handler`);
      const missing = idsOf(shape).filter((id) => !found.prefix.includes(`:${id}`));
      const ids = shape.stream ? missing.map((id) => `:${id}`) : [];
      addMethod(source, routeText(made, [...ids, command.kebab].join('/'), params !== null));
      const declared = controllerIn(source)?.declared;
      if (declared) source.insertBefore(declared, operationText(made, params));
    },
    'say what the endpoint does and who may call it',
  );
}

/** The body: the fields of the event which the path does not name. @returns the name of the params, if any */
function addRequest(changes: ChangeSet, made: NewCommand): string | null {
  const { shape, command, event } = made;
  const { folder, subject, stream } = shape;
  const path = `${folder}/${subject.kebab}.dto.ts`;
  const ids = idsOf(shape);
  let params: string | null = null;
  if (!changes.has(path)) changes.put(path, '');
  changes.edit(path, (source) => {
    source.import('@specie/contracts', [event.camel]);
    source.import('zod', ['z']);
    const texts: string[] = [];
    if (stream) {
      params = `${subject.camel}Params`;
      const there = source.constant(params);
      const isMine = there && ids.every((id) => source.textOf(there).includes(`${id}:`));
      if (!isMine) {
        if (there) params = `${command.camel}Params`;
        const named = changes.read('libs/contracts/src/named-fields.ts');
        const fields = ids.map((id) => {
          const isNamed = named.includes(`export const ${id} =`);
          source.import('@specie/contracts', [isNamed ? 'named' : 'fields']);
          return `${id}: ${isNamed ? `named.${id}` : 'fields.id'}`;
        });
        texts.push(`export const ${params} = z.strictObject({ ${fields.join(', ')} });`);
      }
    }
    const omitted = stream ? `.omit({ ${ids.map((id) => `${id}: true`).join(', ')} })` : '';
    texts.push(
      `/** What the event says, without what the path names. */
export const ${command.camel}Request = z.strictObject(${event.camel}.data${omitted}.shape);`,
    );
    const firstFunction = source.all(ts.isFunctionDeclaration).at(0);
    if (firstFunction) source.insertBefore(firstFunction, texts.join('\n'));
    else source.append(texts.join('\n'));
  });
  return params;
}

function addController(changes: ChangeSet, { shape }: NewCommand, path: string): void {
  const { subject, service } = shape;
  const { camel, kebab, pascal, sentence } = subject.plural;
  const name = `${pascal}Controller`;
  changes.put(
    path,
    `import { Controller } from '@nestjs/common';

@Controller('${kebab}')
export class ${name} {}
`,
  );
  listIn(changes, shape, 'controllers', name, `./${subject.kebab}.controller.js`);
  changes.edit(subjectFile(shape), (source) => {
    const tags = source.property(definitionIn(source), 'tags');
    const text = `${camel}: '${sentence} of ${service}.',`;
    if (!tags) source.addProperty(definitionIn(source), 'tags', `tags: { ${text} },`);
    else if (ts.isObjectLiteralExpression(tags)) source.addProperty(tags, camel, text);
  });
}

function controllerIn(
  source: SourceEdit,
): { readonly declared: ts.ClassDeclaration; readonly prefix: string } | undefined {
  for (const declared of source.all(ts.isClassDeclaration)) {
    for (const decorator of ts.getDecorators(declared) ?? []) {
      const text = source.textOf(decorator);
      if (text.startsWith('@Controller(')) return { declared, prefix: text };
    }
  }
  return undefined;
}

/** Injects a handler, after those that are injected already. */
function addParameter(source: SourceEdit, camel: string, type: string): void {
  const declared = controllerIn(source)?.declared;
  const made = declared?.members.find(ts.isConstructorDeclaration);
  const parameter = `@Inject(${type}) private readonly ${camel}Handler: ${type}`;
  if (made) source.addElement(made.parameters, parameter, (text) => !text.endsWith('Handler'));
  else if (declared) source.insert(declared.members.pos, `\nconstructor(${parameter}) {}\n`);
}

/** Adds a route after the last one that writes. */
function addMethod(source: SourceEdit, text: string): void {
  const declared = controllerIn(source)?.declared;
  const writing = declared?.members
    .filter(ts.isMethodDeclaration)
    .findLast((each) =>
      (ts.getDecorators(each) ?? []).some((one) =>
        /^@(Post|Put|Delete)\(/.test(source.textOf(one)),
      ),
    );
  const before = writing ?? declared?.members.find(ts.isConstructorDeclaration);
  if (before) source.insert(before.getEnd(), `\n\n${text}`);
}
