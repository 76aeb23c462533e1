import { writeHere } from './command-texts.js';
import type { Name } from './words.js';

/** A subject that is asked for, with the first event of its stream. */
export interface NewSubject {
  readonly service: Name;
  readonly subject: Name;
  readonly event: Name;
  /** Of its migration. */
  readonly timestamp: number;
}

/** The files of a subject besides those of its first command, by their role. */
export function subjectTexts(made: NewSubject): Readonly<Record<string, string>> {
  const { subject, service, event } = made;
  const { camel, pascal, kebab, spaced } = subject;
  const id = `${camel}Id`;
  const type = `${service.kebab}.${event.kebab}`;
  const all = subject.plural;
  const plural = all.camel;
  return {
    state: `import type { ${event.pascal} } from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import { assertNever, assertPossible, type Aggregate, type StreamRef } from '@specie/event-sourcing';

export type ${pascal}Event = ${event.pascal};

export type ${pascal} =
  | { readonly status: 'unknown' }
  | ({ readonly status: 'known' } & ${event.pascal}['data']);

export const ${camel}Aggregate: Aggregate<${pascal}, ${pascal}Event> = {
  initialState: () => ({ status: 'unknown' }),
  evolve,
};

export function ${camel}Stream(${id}: string): StreamRef<${pascal}, ${pascal}Event> {
  return { streamId: streamIds.${camel}(${id}), aggregate: ${camel}Aggregate };
}

function evolve(state: ${pascal}, event: ${pascal}Event): ${pascal} {
  switch (event.type) {
    case '${type}':
      assertPossible(state.status === 'unknown', '${event.spaced} once');
      return { ...event.data, status: 'known' };
    default:
      return assertNever(event.type);
  }
}
`,
    table: `import { defineTable, int32, uuid, type RowOf } from '@specie/postgres-event-store';

export const ${camel}Table = defineTable({
  name: '${all.snake}',
  columns: {
    ${id}: uuid(),
    streamVersion: int32(),
  },
  primaryKey: ['${id}'],
});
export type ${pascal}Row = RowOf<typeof ${camel}Table>;
`,
    projection: `import { defineProjection } from '@specie/postgres-event-store';
import type { ${pascal}Event } from './${kebab}.state.js';
import { ${camel}Table, type ${pascal}Row } from './${kebab}.table.js';

export const ${camel}Projection = defineProjection<${pascal}Event, ${pascal}Row[]>({
  name: '${all.snake}',
  changes: () => [],
  events: {
    '${type}': (${plural}, { data, streamVersion }) => {
      ${plural}.push({ ...data, streamVersion });
    },
  },
  write: (manager, ${plural}) => ${camel}Table.insert(manager, ${plural}),
});
`,
    query: `import { Inject, Injectable } from '@nestjs/common';
import { fields } from '@specie/contracts';
import { decodeCursor, NotFound, pageFrom, type PageQuery } from '@specie/nest-platform';
import { DataSource, MoreThan } from 'typeorm';
import type { z } from 'zod';
import { to${pascal}Response, type ${camel}Response, type ${plural}Page } from './${kebab}.dto.js';
import { ${camel}Table } from './${kebab}.table.js';

@Injectable()
export class ${pascal}Query {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async list({ cursor, limit }: PageQuery): Promise<z.output<typeof ${plural}Page>> {
    const after = decodeCursor(cursor, fields.id);
    const rows = await this.dataSource.getRepository(${camel}Table.entity).find({
      where: after === undefined ? {} : { ${id}: MoreThan(after) },
      order: { ${id}: 'ASC' },
      take: limit + 1,
    });
    return pageFrom(rows, { limit, toItem: to${pascal}Response, after: (row) => row.${id} });
  }

  /** @throws NotFound \`${subject.snake}_unknown\` */
  async one(${id}: string): Promise<z.output<typeof ${camel}Response>> {
    const row = await this.dataSource.getRepository(${camel}Table.entity).findOneBy({ ${id} });
    if (!row) throw new NotFound('${subject.snake}_unknown');
    return to${pascal}Response(row);
  }
}
`,
    dto: `import { named } from '@specie/contracts';
import { pageOf, streamVersion } from '@specie/nest-platform';
import { z } from 'zod';
import type { ${pascal}Row } from './${kebab}.table.js';

export const ${camel}Params = z.strictObject({ ${id}: named.${id} });
export const ${camel}Response = z.strictObject({
  ${id}: named.${id},
  streamVersion,
});
export const ${plural}Page = pageOf(${camel}Response);

export function to${pascal}Response(row: ${pascal}Row): z.output<typeof ${camel}Response> {
  const { ${id}, streamVersion: version } = row;
  return { ${id}, streamVersion: version };
}
`,
    controller: `import { Controller, Get, Inject } from '@nestjs/common';
import { Input, Operation, pageQuery, type InputOf } from '@specie/nest-platform';
import { ${camel}Params, ${camel}Response, ${plural}Page } from './${kebab}.dto.js';
import { ${pascal}Query } from './${kebab}.query.js';

const list = {
  summary: 'List ${all.spaced}',
  description: '${writeHere} whose they are, and who sees them.',
  roles: ['auditor'],
  query: pageQuery,
  response: ${plural}Page,
} as const;

const one = {
  summary: 'Show a ${spaced}',
  description: '${writeHere} what is shown of it.',
  roles: ['auditor'],
  params: ${camel}Params,
  response: ${camel}Response,
  rejections: { ${subject.snake}_unknown: 404 },
} as const;

@Controller('${all.kebab}')
export class ${all.pascal}Controller {
  constructor(@Inject(${pascal}Query) private readonly ${plural}: ${pascal}Query) {}

  @Get()
  @Operation(list)
  list(@Input() { query }: InputOf<typeof list>) {
    return this.${plural}.list(query);
  }

  @Get(':${id}')
  @Operation(one)
  one(@Input() { params }: InputOf<typeof one>) {
    return this.${plural}.one(params.${id});
  }
}
`,
    refusals: `import type { RefusalText } from '@specie/nest-platform';

/** What to do about each refusal. */
export const ${camel}Refusals = {
  ${subject.snake}_unknown: ['There is no ${spaced} with this id; GET /${all.kebab} lists them.'],
} satisfies Record<'${subject.snake}_unknown', RefusalText>;
`,
    subject: `import { defineSubject } from '@specie/nest-platform';
import { ${migrationOf(made)} } from '../create-${all.kebab}.migration.js';
import { ${all.pascal}Controller } from './${kebab}.controller.js';
import { ${camel}Projection } from './${kebab}.projection.js';
import { ${pascal}Query } from './${kebab}.query.js';
import { ${camel}Refusals } from './${kebab}.refusals.js';
import { ${camel}Table } from './${kebab}.table.js';

/** ${writeHere} what it is, in a sentence. */
export const ${camel}Subject = defineSubject({
  name: '${kebab}',
  tables: [${camel}Table],
  migrations: [${migrationOf(made)}],
  projections: [${camel}Projection],
  controllers: [${all.pascal}Controller],
  providers: [${pascal}Query],
  refusals: ${camel}Refusals,
  tags: { ${plural}: '${all.sentence} of ${service.kebab}.' },
});
`,
  };
}

export function migrationText(made: NewSubject): string {
  const { subject, timestamp } = made;
  return `import { tablesMigration } from '@specie/postgres-event-store';
import { ${subject.camel}Table } from './${subject.kebab}/${subject.kebab}.table.js';

export const ${migrationOf(made)} = tablesMigration(${timestamp}, 'Create${subject.plural.pascal}', [
  ${subject.camel}Table,
]);
`;
}

function migrationOf({ subject, timestamp }: NewSubject): string {
  return `Create${subject.plural.pascal}${timestamp}`;
}
