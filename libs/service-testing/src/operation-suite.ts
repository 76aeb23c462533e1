import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import {
  bodyBytesMaxDefault,
  roles,
  type OpenApiOperation,
  type Role,
  type ServiceApp,
} from '@specie/nest-platform';
import {
  badBodies,
  bodiesWithRepeatedKeys,
  bodySchemaOf,
  extremeBodies,
  marker,
  unboundedFields,
  wrongTexts,
} from './bad-input.js';
import { type SchemaReader, type JsonSchema } from './json-schema.js';
import { ProblemChecker, sendRequest, type Reply } from './problem-checker.js';
import { stateOf, type ServiceState } from './service-state.js';
import { badTokens } from './tokens.js';

export interface ApiConformanceOptions {
  /** The party that the callers act for. */
  readonly partyId?: string;
  /** By operation id: a body whose shape is right, where the one made from the schema is not. */
  readonly bodies?: Readonly<Record<string, unknown>>;
  /** By operation id: path parameters that are no UUIDs or exist; made from the schema otherwise. */
  readonly params?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By operation id: why an unknown id in the path is no error there. */
  readonly unknownIdIsFine?: Readonly<Record<string, string>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** One operation of the document and how to call it. */
export interface Target {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly operation: OpenApiOperation;
  readonly parameters: readonly Parameter[];
  readonly bodySchema: JsonSchema | undefined;
  readonly allowedRoles: readonly Role[] | null;
  readonly takesKey: boolean;
}

/** How to call one operation of the document. */
export function targetOf(path: string, method: string, operation: OpenApiOperation): Target {
  const parameters = operation.parameters as unknown as readonly Parameter[];
  const declared = operation['x-specie-roles'];
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    path,
    operation,
    parameters,
    bodySchema: bodySchemaOf(operation),
    allowedRoles:
      declared === 'public'
        ? null
        : declared === 'authenticated'
          ? roles
          : (declared as readonly Role[]),
    takesKey: parameters.some(({ name }) => name === 'Idempotency-Key'),
  };
}

interface SuiteOptions {
  readonly target: Target;
  readonly reader: SchemaReader;
  readonly options: ApiConformanceOptions;
  readonly service: () => ServiceApp;
}

const defaultPartyId = '3c6f1c52-6a0e-4d57-8a3f-2b9d4e5f6071';

/** The checks of one operation. */
export class OperationSuite {
  private readonly target: Target;
  private readonly reader: SchemaReader;
  private readonly options: ApiConformanceOptions;
  private readonly service: () => ServiceApp;

  constructor({ target, reader, options, service }: SuiteOptions) {
    this.target = target;
    this.reader = reader;
    this.options = options;
    this.service = service;
  }

  /** The checks that make sense for the operation. */
  checks(): readonly (readonly [string, () => void | Promise<void>])[] {
    const { allowedRoles, bodySchema, method, parameters, path, takesKey } = this.target;
    const hasParameters = parameters.some((parameter) => parameter.in !== 'header');
    const checks: readonly (readonly [boolean, string, () => void | Promise<void>])[] = [
      [bodySchema !== undefined, 'declares limits for every text and list', () => this.limits()],
      [
        allowedRoles !== null,
        'lets in nobody without a good token and the right role',
        () => this.access(),
      ],
      [hasParameters, 'refuses wrong parameters', () => this.parameters()],
      [true, 'refuses unknown parameters', () => this.unknownParameters()],
      [
        method !== 'GET',
        'refuses what is not a JSON body of the right size',
        () => this.transportOfBody(),
      ],
      [
        bodySchema !== undefined,
        'refuses every wrong, missing, unknown and oversized field',
        () => this.fields(),
      ],
      [
        bodySchema !== undefined,
        'survives the largest and smallest amounts',
        () => this.extremes(),
      ],
      [
        bodySchema !== undefined && (bodySchema.required ?? []).length === 0,
        'takes no body for {}',
        () => this.noBody(),
      ],
      [takesKey, 'keeps to the idempotency key', () => this.idempotency()],
      [path.includes('{'), 'says that an unknown id is unknown', () => this.unknownIds()],
    ];
    return checks.flatMap(([applies, name, run]) => (applies ? [[name, run] as const] : []));
  }

  private limits(): void {
    expect(unboundedFields(this.reader, this.target.bodySchema ?? {})).toEqual([]);
  }

  private async access(): Promise<void> {
    const { allowedRoles, operation } = this.target;
    const allowed = allowedRoles ?? [];
    await this.unchanged(async (check) => {
      for (const { name, header, code } of await badTokens(this.partyId, allowed)) {
        check.problem(name, await this.send({ authorization: header }), 401, [code]);
      }
      if (operation['x-specie-roles'] === 'authenticated') {
        return;
      }
      const wrong = roles.filter((role) => !allowed.includes(role));
      for (const given of [[], ...wrong.map((role) => [role])]) {
        const authorization = await this.bearer(given);
        check.problem(`roles [${given.join()}]`, await this.send({ authorization }), 403, [
          'role_missing',
        ]);
      }
    });
  }

  private async parameters(): Promise<void> {
    await this.unchanged(async (check) => {
      for (const parameter of this.target.parameters.filter(
        ({ in: place }) => place !== 'header',
      )) {
        const where = parameter.in === 'path' ? 'params' : 'query';
        for (const [what, value] of wrongTexts(this.reader.resolve(parameter.schema))) {
          const reply = await this.send({ [where]: { [parameter.name]: value } });
          check.invalid(`${parameter.name}: ${what}`, reply, `${where}.${parameter.name}`);
        }
        if (parameter.in === 'query') {
          const text = String(this.reader.exampleOf(parameter.schema));
          const reply = await this.send({
            rawQuery: `${parameter.name}=${text}&${parameter.name}=${text}`,
          });
          check.invalid(`${parameter.name} twice`, reply, `query.${parameter.name}`);
        }
      }
    });
  }

  private async unknownParameters(): Promise<void> {
    await this.unchanged(async (check) => {
      check.invalid(
        'an unknown parameter',
        await this.send({ query: { unknownParameter: marker } }),
        'query.unknownParameter',
      );
    });
  }

  private async transportOfBody(): Promise<void> {
    const { bytesMax } = this;
    await this.unchanged(async (check) => {
      const send = (raw: string | Buffer, contentType = 'application/json') =>
        this.send({ raw, headers: { 'content-type': contentType } });
      check.problem('half a body', await send(`{"${marker}": [`), 400, ['body_malformed']);
      check.problem('no UTF-8', await send(Buffer.from([0x22, 0xff, 0xfe, 0x22])), 400, [
        'body_malformed',
      ]);
      check.problem('a form', await send(`a=${marker}`, 'application/x-www-form-urlencoded'), 415, [
        'media_type_unsupported',
      ]);
      check.problem('text', await send('{}', 'text/plain'), 415, ['media_type_unsupported']);
      check.problem(
        'a body that is too large',
        await send(`{"a":"${'x'.repeat(bytesMax)}"}`),
        413,
        ['body_too_large'],
      );
      check.problem(
        'nesting without end',
        await send(`{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}`),
        400,
        ['request_invalid'],
      );
    });
  }

  private async fields(): Promise<void> {
    const { bodySchema } = this.target;
    await this.unchanged(async (check) => {
      for (const { name, body, path } of badBodies(
        this.reader,
        bodySchema ?? {},
        this.validBody(),
      )) {
        const reply = await this.send({ body });
        if (JSON.stringify(body).length > this.bytesMax) {
          check.problem(name, reply, 413, ['body_too_large']);
        } else {
          check.invalid(name, reply, ['body', ...path].join('.'));
        }
      }
      const repeated = bodiesWithRepeatedKeys(this.reader, bodySchema ?? {}, this.validBody());
      for (const { raw, path } of repeated) {
        const place = ['body', ...path].join('.');
        check.invalid(`${place} twice`, await this.send({ raw }), place);
      }
    });
  }

  private async extremes(): Promise<void> {
    const check = new ProblemChecker();
    for (const { name, body } of extremeBodies(
      this.reader,
      this.target.bodySchema ?? {},
      this.validBody(),
    )) {
      check.answered(name, await this.send({ body }));
    }
    expect(check.failures).toEqual([]);
  }

  private async noBody(): Promise<void> {
    const key = randomUUID();
    const check = new ProblemChecker();
    const first = await this.send({ key, raw: '' });
    check.shapeIsRight(this.target.id, first);
    check.same('{} under the same key', first, await this.send({ key, body: {} }));
    expect(check.failures).toEqual([]);
  }

  private async idempotency(): Promise<void> {
    await this.unchanged(async (check) => {
      check.problem('no key', await this.send({ key: null }), 400, ['idempotency_key_missing']);
      for (const key of ['k'.repeat(129), 'a b', 'é', 'ada@example.com']) {
        check.problem(`the key "${key.slice(0, 3)}"`, await this.send({ key }), 400, [
          'idempotency_key_invalid',
        ]);
      }
    });
    const key = randomUUID();
    const first = await this.send({ key });
    const check = new ProblemChecker();
    check.shapeIsRight(this.target.id, first);
    const before = await stateOf(this.service());
    const repeat = await this.send({ key });
    check.same('a repeat', first, repeat);
    const { bodySchema } = this.target;
    const other = bodySchema && this.otherBody(this.validBody());
    // Only an outcome that was stored makes the key taken; a refusal before that leaves it free.
    if (repeat.headers.get('idempotency-hit') === 'true' && other !== undefined) {
      check.problem('the key with another body', await this.send({ key, body: other }), 422, [
        'idempotency_key_reused',
      ]);
    }
    expect(await stateOf(this.service())).toEqual(before);
    expect(check.failures).toEqual([]);
  }

  private async unknownIds(): Promise<void> {
    if (this.options.unknownIdIsFine?.[this.target.id] !== undefined) {
      return;
    }
    const names = this.target.parameters.filter(
      ({ in: place, schema }) => place === 'path' && schema.format === 'uuid',
    );
    await this.unchanged(async (check) => {
      for (const { name } of names) {
        check.refused(
          `unknown ${name}`,
          await this.send({ params: { [name]: randomUUID() } }),
          [403, 404, 409, 422],
        );
      }
    });
  }

  /** Runs checks that must all be refused, and shows that nothing changed. */
  private async unchanged(run: (check: ProblemChecker) => Promise<void>): Promise<void> {
    const before: ServiceState = await stateOf(this.service());
    const check = new ProblemChecker();
    await run(check);
    expect(check.failures).toEqual([]);
    expect(await stateOf(this.service())).toEqual(before);
  }

  private get partyId(): string {
    return this.options.partyId ?? defaultPartyId;
  }

  private get bytesMax(): number {
    return this.target.operation['x-specie-body-bytes-max'] ?? bodyBytesMaxDefault;
  }

  private validBody(): unknown {
    const given = this.options.bodies?.[this.target.id];
    return (
      given ?? (this.target.bodySchema ? this.reader.exampleOf(this.target.bodySchema) : undefined)
    );
  }

  /** The same shape with other content: the first id in it is another one, or an optional field is left out. */
  private otherBody(body: unknown): unknown {
    const text = JSON.stringify(body);
    const changed = text.replace(
      /[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/,
      randomUUID(),
    );
    if (changed !== text) {
      return JSON.parse(changed) as unknown;
    }
    const swapped = text.replace(/"1(\.000000)?"/, '"2$1"');
    return swapped === text ? undefined : (JSON.parse(swapped) as unknown);
  }

  private async bearer(given: readonly Role[]): Promise<string> {
    return `Bearer ${await this.service().token({ partyId: this.partyId, roles: given })}`;
  }

  private async send(request: {
    readonly authorization?: string | undefined;
    readonly key?: string | null;
    readonly params?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly rawQuery?: string;
    readonly body?: unknown;
    readonly raw?: string | Buffer;
    readonly headers?: Readonly<Record<string, string>>;
  }): Promise<Reply> {
    const { allowedRoles, method, path, takesKey, parameters, bodySchema } = this.target;
    const authorization =
      'authorization' in request ? request.authorization : await this.bearer(allowedRoles ?? []);
    const known = this.options.params?.[this.target.id];
    const filled = path.replace(/\{(\w+)\}/g, (_match, name: string) => {
      const schema = parameters.find(
        (parameter) => parameter.in === 'path' && parameter.name === name,
      )?.schema;
      const text =
        request.params?.[name] ?? known?.[name] ?? String(this.reader.exampleOf(schema ?? {}));
      return encodeURIComponent(text);
    });
    const needed = parameters.filter(({ in: place, required }) => place === 'query' && required);
    const query = new URLSearchParams({
      ...Object.fromEntries(
        needed.map(({ name, schema }) => [name, String(this.reader.exampleOf(schema))]),
      ),
      ...request.query,
    });
    const search = request.rawQuery ?? query.toString();
    const key = request.key === undefined ? randomUUID() : request.key;
    const hasBody =
      method !== 'GET' &&
      (bodySchema !== undefined || 'body' in request || request.raw !== undefined);
    const raw = request.raw ?? JSON.stringify('body' in request ? request.body : this.validBody());
    return sendRequest(`${this.service().url}${filled}${search === '' ? '' : `?${search}`}`, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(takesKey && key !== null ? { 'idempotency-key': key } : {}),
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...request.headers,
      },
      ...(hasBody ? { body: raw } : {}),
    });
  }
}
