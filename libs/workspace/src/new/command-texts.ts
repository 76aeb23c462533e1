import type { SubjectShape } from './subject-shape.js';
import type { Name } from './words.js';

/** A command that is asked for, and where it goes. */
export interface NewCommand {
  readonly shape: SubjectShape;
  readonly command: Name;
  readonly event: Name;
  /** The codes that it can be refused with, in check order. */
  readonly refusals: readonly string[];
  readonly roles: readonly string[];
}

/** What generated text asks a person to write begins with this; the tidy check finds what nobody wrote. */
export const writeHere = 'Write here';

/** The fields of the event that name its stream. */
export function idsOf({ stream }: SubjectShape): readonly string[] {
  return stream?.ids ?? ['partyId'];
}

export function typeOf({ shape, event }: NewCommand): string {
  return `${shape.service}.${event.kebab}`;
}

/** The contract of the event. `isNamed`: whether `named-fields.ts` has a field. */
export function eventText(made: NewCommand, isNamed: (id: string) => boolean): string {
  const { event } = made;
  const ids = idsOf(made.shape);
  const unnamed = ids.filter((id) => !isNamed(id));
  const named = ids.filter(isNamed);
  return [
    "import { z } from 'zod';",
    "import { defineEvent, type EventOf } from '../define-event.js';",
    ...(unnamed.length > 0
      ? ["import { described } from '../described.js';", "import { id } from '../fields.js';"]
      : []),
    ...(named.length > 0 ? [`import { ${named.join(', ')} } from '../named-fields.js';`] : []),
    '',
    `export const ${event.camel} = defineEvent({`,
    `  description: '${writeHere} what happened, in a sentence.',`,
    `  type: '${typeOf(made)}',`,
    '  schemaVersion: 1,',
    '  data: z.object({',
    ...ids.map((id) =>
      isNamed(id) ? `${id},` : `${id}: described(id, '${writeHere} what the id names.'),`,
    ),
    '  }),',
    '});',
    `export type ${event.pascal} = EventOf<typeof ${event.camel}>;`,
    '',
  ].join('\n');
}

export function handlerText(made: NewCommand): string {
  const { shape, command, event } = made;
  const { subject, stream } = shape;
  const ids = idsOf(shape);
  const rejection = `${command.pascal}Rejection`;
  const head = `/** ${writeHere} what it does, in a sentence; here it learns what the rules must know, and who may ask. */
@Injectable()
export class ${command.pascal}Handler {`;
  if (!stream) {
    return `import { Inject, Injectable } from '@nestjs/common';
import type { ${event.pascal} } from '@specie/contracts';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import type { ${rejection} } from './${subject.kebab}.decider.js';
import { ShardWriter } from './shard-writer.adapter.js';

${head}
  constructor(@Inject(ShardWriter) private readonly writer: ShardWriter) {}

  handle(command: ${event.pascal}['data'], context: CommandContext): Promise<Handled<${rejection}>> {
    return this.writer.submit({
      command: { ...command, kind: '${command.kebab}' },
      context,
      answer: (_events, streamVersion) => ({ id: command.${ids[0]}, streamVersion }),
    });
  }
}
`;
  }
  const stateModule = shape.stateFile.slice(shape.folder.length + 1, -'.ts'.length);
  return `import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { ${command.camel}, type ${command.pascal}, type ${rejection} } from './${subject.kebab}.decider.js';
import { ${stream.name} } from './${stateModule}.js';

${head}
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  handle(
    data: ${command.pascal}['data'],
    context: CommandContext,
  ): Promise<Handled<${rejection}>> {
    const { ${ids.join(', ')} } = data;
    return this.commands.handle({
      ...${stream.name}(${ids.join(', ')}),
      decide: (state) => ${command.camel}({ data, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: ${ids.at(-1)}, streamVersion }),
    });
  }
}
`;
}

/** The rejections of the command, and its type unless its writer has all of them in one union. */
export function rejectionsText({ command, refusals }: NewCommand): string {
  const name = `${command.camel}Rejections`;
  return `/** In check order. */
export const ${name} = [${refusals.map((code) => `'${code}'`).join(', ')}] as const;
export type ${command.pascal}Rejection = (typeof ${name})[number];`;
}

export function decisionText(made: NewCommand): string {
  const { shape, command, event } = made;
  const type = typeOf(made);
  const decision = `Decision<${shape.event}, ${command.pascal}Rejection>`;
  return shape.stream
    ? `export interface ${command.pascal} {
  readonly data: ${event.pascal}['data'];
  readonly metadata: CommandMetadata;
}

export function ${command.camel}({ data }: ${command.pascal}, _state: ${shape.state}): ${decision} {
  return accept({ type: '${type}', data });
}`
    : `export function ${command.camel}(command: ${command.pascal}, _state: ${shape.state}): ${decision} {
  const { kind: _kind, ...data } = command;
  return accept({ type: '${type}', data });
}`;
}

/** The refusal table, which fails until the rules are written, and the fold of the event. */
export function specText(made: NewCommand): string {
  const { shape, command, refusals } = made;
  const { stream, writer } = shape;
  const ids = idsOf(shape);
  const uuid = (index: number): string =>
    `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;
  const data = ids.map((id, index) => `${id}: '${uuid(index)}'`).join(', ');
  const [given, asked] = stream
    ? [
        `const { aggregate } = ${stream.name}(${ids.map((id) => `data.${id}`).join(', ')});
  const given = (...events: readonly ${shape.event}[]): ${shape.state} =>
    events.reduce(aggregate.evolve, aggregate.initialState());`,
        "const command = { data, metadata: { now: '2026-03-01T12:00:00.000Z', actor: 'somebody' } };",
      ]
    : [
        `const given = (...events: readonly ${shape.event}[]): ${shape.state} => {
    const state = ${writer?.initial ?? ''};
    for (const event of events) evolve(state, event);
    return state;
  };`,
        `const command: ${command.pascal} = { kind: '${command.kebab}', ...data };`,
      ];
  return `describe('${command.sentence}', () => {
  const data = { ${data} };
  ${asked}
  ${given}

  it('folds what it records', () => {
    expect(() => given({ type: '${typeOf(made)}', data })).not.toThrow();
  });

  const refusals = {
    ${refusals.map((code) => `${code}: () => ${command.camel}(command, given()),`).join('\n')}
  } satisfies Record<${command.pascal}Rejection, () => unknown>;

  it.each(${command.camel}Rejections)('refuses with %s', (code) => {
    expect(refusals[code]()).toMatchObject(reject(code));
  });
});`;
}

export function operationText({ command, roles }: NewCommand, params: string | null): string {
  return `const ${command.camel} = {
  summary: '${command.sentence}',
  description: '${writeHere} what changes, and for whom.',
  roles: [${roles.map((role) => `'${role}'`).join(', ')}],
  ${params === null ? '' : `params: ${params},`}
  body: ${command.camel}Request,
  response: writeResponse,
  rejections: ${command.camel}Status,
} as const;`;
}

export function routeText({ command }: NewCommand, path: string, hasParams: boolean): string {
  const [input, asked] = hasParams
    ? ['{ params, body }', '{ ...params, ...body }']
    : ['{ body }', 'body'];
  return `@Post('${path}')
  @Operation(${command.camel})
  ${command.camel}(
    @Input() ${input}: InputOf<typeof ${command.camel}>,
    @Command() context: CommandContext,
  ) {
    return answerOf(this.${command.camel}Handler.handle(${asked}, context), ${command.camel}Status);
  }`;
}

/** The HTTP status of a refusal, as far as its code tells. */
export function statusOf(code: string): number {
  if (code.endsWith('_unknown')) return 404;
  return /ineligible|^not_|self_|_by_/.test(code) ? 403 : 409;
}
