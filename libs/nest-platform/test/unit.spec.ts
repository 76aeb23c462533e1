import { readFileSync } from 'node:fs';
import { Controller, Get, Post } from '@nestjs/common';
import { fields, marketEscrowPartyId, serviceNames } from '@specie/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ConfigError,
  decodeCursor,
  derivedId,
  encodeCursor,
  openApiOf,
  Operation,
  pageQuery,
  Problem,
  developmentLogPublicKey,
  requireSettled,
  TransientEventError,
} from '../src/index.js';
import { parseConfig } from '../src/settings/config.js';
import { RateLimiter } from '../src/serving/rate-limit.js';
import { RouteTable, routesOf } from '../src/http/routes.js';
import { describeError } from '../src/logging.js';
import { sampleService } from './sample-service.js';

describe('derivedId', () => {
  it('is the same UUID for the same parts, always', () => {
    expect(derivedId('account', 'series', 'party')).toBe(derivedId('account', 'series', 'party'));
    expect(z.uuid({ version: 'v5' }).safeParse(derivedId('account', 'a', 'b')).success).toBe(true);
  });

  it('keeps kinds and the borders of parts apart', () => {
    const ids = [
      derivedId('a', 'bc'),
      derivedId('ab', 'c'),
      derivedId('a', 'b', 'c'),
      derivedId('a'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("names the party of the market's escrow", () => {
    expect(derivedId('party', 'market-escrow')).toBe(marketEscrowPartyId);
  });
});

describe('requireSettled', () => {
  const transient = ['contended', 'fenced', 'wrong_expected_version'] as const;
  it.each(transient)('tries the event of a command that ended %s again', (outcome) => {
    const call = (): void => requireSettled({ outcome, streamId: 'deal-1' });
    expect(call).toThrow(TransientEventError);
  });

  it.each([
    { outcome: 'rejected', violations: [{ code: 'deal_unknown' }], repeated: false },
    { outcome: 'conflicting_repeat' },
    { outcome: 'constraint_violated', constraint: 'movements_pkey' },
  ] as const)('holds a command that ended $outcome against its event', (outcome) => {
    expect(() => requireSettled(outcome)).toThrow(Error);
    expect(() => requireSettled(outcome)).not.toThrow(TransientEventError);
  });

  it.each(['accepted', 'appended', 'already_done'] as const)('takes %s', (outcome) => {
    expect(() => requireSettled({ outcome })).not.toThrow();
  });
});

describe('cursor', () => {
  it('goes there and back', () => {
    expect(decodeCursor(encodeCursor({ id: 7 }), z.strictObject({ id: z.int() }))).toEqual({
      id: 7,
    });
    expect(decodeCursor(undefined, z.strictObject({}))).toBeUndefined();
  });

  it.each(['', 'e30', 'bm90IGpzb24', encodeCursor({ id: 'x' }), encodeCursor({ id: 1, more: 2 })])(
    'refuses %j',
    (cursor) => {
      expect(() => decodeCursor(cursor, z.strictObject({ id: z.int() }))).toThrow(Problem);
    },
  );

  it('has 50 rows on a page unless asked otherwise', () => {
    expect(pageQuery.parse({})).toEqual({ limit: 50 });
    expect(pageQuery.parse({ limit: '200' })).toEqual({ limit: 200 });
    expect(pageQuery.safeParse({ limit: '201' }).success).toBe(false);
  });
});

describe('configuration', () => {
  const database = {
    AUTH_MODE: 'development',
    DATABASE_URL: 'postgres://u:secret@localhost:1/db',
  };
  const parse = (env: Readonly<Record<string, string>>, config?: z.ZodObject) =>
    parseConfig({ name: 'deals', port: 7103, ...(config ? { config } : {}) }, env).platform;

  /** Of the seed that is 32 zero bytes. */
  const publicHalf = 'O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=';

  const keys = {
    LOG_SIGNING_KEY: `${'A'.repeat(43)}=`,
    LOG_PUBLIC_KEYS: JSON.stringify(
      Object.fromEntries(serviceNames.map((service) => [service, [publicHalf]])),
    ),
  };

  it('believes the configured keys, and development keys where there are none', () => {
    const { logPublicKeys } = parse(database);
    expect(logPublicKeys.deals).toEqual([developmentLogPublicKey('deals')]);
    expect(logPublicKeys.issuance).toEqual([developmentLogPublicKey('issuance')]);
    const own = parse({ ...database, LOG_SIGNING_KEY: keys.LOG_SIGNING_KEY }).logPublicKeys.deals;
    expect(own[0]?.export({ format: 'jwk' })).toMatchObject({ x: publicHalf.replace('=', '') });
    const configured = parse({ ...database, ...keys }).logPublicKeys;
    expect(configured.market[0]?.export({ format: 'jwk' })).toEqual(
      own[0]?.export({ format: 'jwk' }),
    );
  });

  const scram = {
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: 'deals',
    KAFKA_SASL_PASSWORD: 'secret',
  };

  it('reads how to get to the brokers', () => {
    const kafka = { ...database, EVENT_TRANSPORT: 'kafka', KAFKA_BROKERS: 'a:1' };
    expect(parse(kafka).transport).toMatchObject({ security: {} });
    const file = import.meta.filename;
    const files = { KAFKA_SSL_CA_FILE: file, KAFKA_SSL_CERT_FILE: file, KAFKA_SSL_KEY_FILE: file };
    const text = readFileSync(file, 'utf8');
    expect(parse({ ...kafka, ...scram, ...files, KAFKA_SSL: 'true' }).transport).toMatchObject({
      security: {
        ssl: { ca: text, cert: text, key: text },
        sasl: { mechanism: 'scram-sha-512', username: 'deals', password: 'secret' },
      },
    });
    const { KAFKA_SASL_PASSWORD: _, ...rest } = scram;
    const fromFile = { ...kafka, ...rest, KAFKA_SASL_PASSWORD_FILE: file };
    expect(parse(fromFile).transport).toMatchObject({
      security: { sasl: { password: text.trimEnd() } },
    });
  });

  it('has defaults for a laptop', () => {
    expect(parse(database)).toMatchObject({
      port: 7103,
      host: '127.0.0.1',
      auth: { mode: 'development' },
      transport: { kind: 'postgres' },
    });
  });

  it.each([
    ['PORT', { ...database, PORT: '99999' }],
    ['DATABASE_URL', { AUTH_MODE: 'development' }],
    ['DATABASE_URL', { ...database, DATABASE_URL: 'mysql://u:secret@h/db' }],
    ['EVENT_TRANSPORT', { ...database, EVENT_TRANSPORT: 'pigeon' }],
    ['KAFKA_BROKERS', { ...database, EVENT_TRANSPORT: 'kafka' }],
    ['KAFKA_SSL', { ...database, KAFKA_SSL: 'secret' }],
    ['KAFKA_SASL_MECHANISM', { ...database, KAFKA_SASL_MECHANISM: 'gssapi' }],
    ['KAFKA_SASL_USERNAME', { ...database, ...scram, KAFKA_SASL_USERNAME: '' }],
    ['KAFKA_SASL_PASSWORD', { ...database, ...scram, KAFKA_SASL_PASSWORD: '' }],
    ['KAFKA_SSL_CA_FILE', { ...database, KAFKA_SSL_CA_FILE: '/nowhere/secret.pem' }],
    ['KAFKA_SSL_CERT_FILE', { ...database, KAFKA_SSL_CERT_FILE: import.meta.filename }],
    ['PEER_DATABASE_URLS', { ...database, PEER_DATABASE_URLS: '{"deals":' }],
    ['PEER_DATABASE_URLS', { ...database, PEER_DATABASE_URLS: '{"bank":"postgres://secret"}' }],
    ['LOG_SIGNING_KEY', { ...database, LOG_SIGNING_KEY: 'secret' }],
    ['LOG_PUBLIC_KEYS', { ...database, LOG_PUBLIC_KEYS: '{"deals":["secret"]}' }],
    [
      'LOG_PUBLIC_KEYS',
      {
        ...database,
        ...keys,
        LOG_SIGNING_KEY: `${'B'.repeat(42)}A=`,
      },
    ],
    ['REQUEST_HASH_KEY', { ...database, REQUEST_HASH_KEY: 'secret' }],
  ])('says in one line that %s is wrong, and no value', (variable, env) => {
    let error: unknown;
    try {
      parse(env);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ConfigError);
    const { problems, message } = error as ConfigError;
    expect(problems.map((problem) => problem.slice(0, problem.indexOf(':')))).toEqual([variable]);
    expect(message).not.toContain('secret');
  });

  it('names a wrong setting of the service itself', () => {
    expect(() => parse(database, z.object({ FEE_BPS: z.string() }))).toThrow('FEE_BPS');
  });
});

describe('routes', () => {
  it('do not start without @Operation', () => {
    @Controller('open')
    class Open {
      @Get()
      list(): void {}
    }
    expect(() => routesOf([Open])).toThrow('Open.list: the route has no @Operation');
  });

  it('do not start when the path and its parameters differ', () => {
    @Controller('things')
    class Things {
      @Get(':thingId')
      @Operation({ summary: 'One', roles: 'public', params: z.strictObject({ id: z.uuid() }) })
      one(): void {}
    }
    expect(() => routesOf([Things])).toThrow(
      'the path has the parameters [thingId], its @Operation [id]',
    );
  });

  it('are found by method and path, literal segments first', () => {
    const anyone = { summary: 'x', roles: 'public' } as const;
    @Controller('things')
    class Things {
      @Get(':id')
      @Operation({ ...anyone, params: z.strictObject({ id: z.string() }) })
      one(): void {}

      @Get('newest')
      @Operation(anyone)
      newest(): void {}

      @Post()
      @Operation(anyone)
      add(): void {}
    }
    const table = new RouteTable(routesOf([Things]));
    expect(table.match('GET', '/things/newest')?.handler).toBe('newest');
    expect(table.match('GET', '/things/7')?.handler).toBe('one');
    expect(table.methodsOf('/things')).toEqual(['POST']);
    expect(table.methodsOf('/things/7/parts')).toEqual([]);
  });
});

describe('OpenAPI', () => {
  const document = openApiOf(sampleService());

  it('needs no database and has every route with its access, key and problems', () => {
    const post = document.paths['/companies/{companyId}/share-classes']?.['post'];
    expect(post?.security).toEqual([{ bearer: [] }]);
    expect(
      post?.parameters.map(
        (parameter) => `${String(parameter['in'])} ${String(parameter['name'])}`,
      ),
    ).toEqual(['path companyId', 'header Idempotency-Key', 'header X-Correlation-Id']);
    expect(Object.keys(post?.responses ?? {})).toEqual([
      '201',
      '400',
      '401',
      '403',
      '404',
      '408',
      '409',
      '413',
      '415',
      '422',
      '429',
      '503',
    ]);
    expect(post?.responses['409']?.['x-specie-codes']).toEqual([
      'idempotency_key_in_use',
      'company_exists',
      'class_exists',
    ]);
  });

  it('shows quantities as the strings that travel', () => {
    const post = document.paths['/companies/{companyId}/share-classes']?.['post'];
    const schema = post?.requestBody?.content['application/json'].schema as {
      properties: Record<string, unknown>;
    };
    expect(schema.properties['authorised']).toEqual(
      z.toJSONSchema(fields.shareQuantity, { io: 'input' }).type
        ? expect.objectContaining({ type: 'string' })
        : null,
    );
  });

  it('has unique operation ids', () => {
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('leaves the development issuer out where tokens come from outside', () => {
    expect(Object.keys(document.paths)).toContain('/dev/tokens');
    expect(Object.keys(openApiOf(sampleService(), { authMode: 'oidc' }).paths)).not.toContain(
      '/dev/tokens',
    );
  });
});

describe('rate limit', () => {
  it('lets a burst through, then the rate, for each caller', () => {
    let nowMs = 0;
    const limiter = new RateLimiter(10, () => nowMs);
    const takes = (caller: string, count: number): number => {
      let taken = 0;
      for (let index = 0; index < count; index += 1) {
        try {
          limiter.take(caller);
          taken += 1;
        } catch (error) {
          expect((error as Problem).status).toBe(429);
        }
      }
      return taken;
    };
    expect(takes('a', 50)).toBe(20);
    expect(takes('b', 5)).toBe(5);
    nowMs += 1_000;
    expect(takes('a', 50)).toBe(10);
  });
});

describe('logs', () => {
  it('say where an error came from and repeat nothing of its message', () => {
    const fields = describeError(
      Object.assign(new Error('Key (name)=(Jane Doe) exists'), { code: '23505' }),
    );
    expect(fields.errorCode).toBe('23505');
    expect(fields.frames.length).toBeGreaterThan(0);
    expect(JSON.stringify(fields)).not.toContain('Jane');
  });
});
