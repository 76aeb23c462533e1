import { createPublicKey, randomBytes } from 'node:crypto';
import { serviceNames } from '@specie/contracts';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from '../src/settings/config.js';
import { developmentSecret } from '../src/settings/development-secrets.js';
import { developmentLogPublicKey, ed25519KeyOf } from '../src/settings/signing-key.js';

type Env = Readonly<Record<string, string>>;

const seed = randomBytes(32);
const publicHalf = (key: ReturnType<typeof createPublicKey>): string =>
  `${Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url').toString('base64')}`;
const keysOf = (key: string): string =>
  JSON.stringify(Object.fromEntries(serviceNames.map((service) => [service, [key]])));
const secret = 'h1dden';
const tls = 'sslmode=verify-full&sslrootcert=/run/ca.pem';

/** All that a production start of `deals` needs. */
const sound: Env = {
  AUTH_MODE: 'oidc',
  AUTH_ISSUER: 'https://issuer.example',
  AUTH_AUDIENCE: 'specie',
  AUTH_JWKS_URL: 'https://issuer.example/jwks.json',
  DATABASE_URL: `postgres://deals:${secret}@db:5432/deals?${tls}`,
  PEER_DATABASE_URLS: JSON.stringify({
    issuance: `postgres://reader:${secret}@db:5432/issuance?${tls}`,
  }),
  LOG_SIGNING_KEY: seed.toString('base64'),
  LOG_PUBLIC_KEYS: keysOf(publicHalf(createPublicKey(ed25519KeyOf(seed)))),
  REQUEST_HASH_KEY: randomBytes(32).toString('base64'),
  EVENT_TRANSPORT: 'kafka',
  KAFKA_BROKERS: 'kafka:9093',
  KAFKA_SSL: 'true',
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: 'deals',
  KAFKA_SASL_PASSWORD: secret,
};

/** Each weak setting, what is said of it, and in `sound` what fixes it. */
const weak: Env = {
  NODE_ENV: 'Production',
  AUTH_MODE: 'development',
  AUTH_JWKS_URL: 'http://issuer.example/jwks.json',
  DATABASE_URL: 'postgres://deals@db:5432/deals',
  PEER_DATABASE_URLS: '{"issuance":"postgres://deals@db:5432/issuance?sslmode=no-verify"}',
  MIGRATION_DATABASE_URL: `postgres://owner:${secret}@db:5432/deals?${tls}`,
  LOG_SIGNING_KEY: developmentSecret('log of deals').toString('base64'),
  LOG_PUBLIC_KEYS: keysOf(publicHalf(developmentLogPublicKey('deals'))),
  REQUEST_HASH_KEY: developmentSecret('request hash').toString('base64'),
  EVENT_TRANSPORT: 'kafka',
  KAFKA_BROKERS: 'kafka:9092',
  RATE_LIMIT_PER_SECOND: '0',
  AUTH_FAILURES_PER_SECOND: '0',
};
const weakVariables = [
  'AUTH_MODE',
  'AUTH_JWKS_URL',
  'DATABASE_URL',
  'PEER_DATABASE_URLS',
  'MIGRATION_DATABASE_URL',
  'LOG_SIGNING_KEY',
  'LOG_PUBLIC_KEYS',
  'REQUEST_HASH_KEY',
  'KAFKA_SSL',
  'KAFKA_SASL_MECHANISM',
  'RATE_LIMIT_PER_SECOND',
  'AUTH_FAILURES_PER_SECOND',
];

/** The variables that a start refuses with these settings, in the order in which they are named. */
function refused(env: Env): readonly string[] {
  try {
    parseConfig({ name: 'deals', port: 7103 }, env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).not.toContain(secret);
    return [...new Set(error.problems.map((problem) => problem.slice(0, problem.indexOf(':'))))];
  }
}

describe('A production start', () => {
  it('goes through with sound settings, and listens on every address', () => {
    expect(refused(sound)).toEqual([]);
    const { platform } = parseConfig({ name: 'deals', port: 7103 }, sound);
    expect(platform).toMatchObject({ isProduction: true, host: '0.0.0.0', auth: { mode: 'oidc' } });
  });

  it('names every weak setting at once; each that is fixed leaves the others', () => {
    expect(refused(weak)).toEqual(weakVariables);
    let env = weak;
    weakVariables.forEach((variable, place) => {
      const fixed = Object.entries(sound).filter(([name]) => name.startsWith(variable));
      const { [variable]: _, ...rest } = env;
      env = { ...rest, ...Object.fromEntries(fixed) };
      expect(refused(env).filter((name) => weakVariables.includes(name))).toEqual(
        weakVariables.slice(place + 1),
      );
    });
  });

  it.each([{}, { NODE_ENV: 'production' }, { NODE_ENV: 'development' }, { AUTH_MODE: 'oidc' }])(
    'is what %j asks for, and has no default for what is needed',
    (env) => {
      expect(refused({ ...env, DATABASE_URL: 'postgres://u@localhost/db' })).toEqual([
        ...(env.AUTH_MODE ? [] : ['AUTH_MODE']),
        'AUTH_ISSUER',
        'AUTH_AUDIENCE',
        'AUTH_JWKS_URL',
        'DATABASE_URL',
        'LOG_SIGNING_KEY',
        'LOG_PUBLIC_KEYS',
        'REQUEST_HASH_KEY',
      ]);
    },
  );

  it.each(['production', 'Production', 'PROD'])('is not one of development: %s', (name) => {
    expect(refused({ ...sound, AUTH_MODE: 'development', NODE_ENV: name })).toEqual(['AUTH_MODE']);
    const laptop = { AUTH_MODE: 'development', DATABASE_URL: 'postgres://u@localhost/db' };
    expect(refused(laptop)).toEqual([]);
    expect(refused({ ...laptop, NODE_ENV: name })).toContain('AUTH_MODE');
  });

  it.each([
    ['an encryption that is not verified', 'sslmode=require'],
    ['a second mode that undoes the first', `${tls}&sslmode=disable`],
    ['no encryption', 'application_name=deals'],
  ])('refuses %s of the database', (_what, query) => {
    const url = `postgres://deals:${secret}@db:5432/deals?${query}`;
    expect(refused({ ...sound, DATABASE_URL: url })).toEqual(['DATABASE_URL']);
  });

  it('takes a client certificate for a password', () => {
    const url = `postgres://deals@db:5432/deals?${tls}&sslcert=/run/deals.pem&sslkey=/run/deals.key`;
    expect(refused({ ...sound, DATABASE_URL: url })).toEqual([]);
    const { KAFKA_SASL_MECHANISM: _, ...rest } = sound;
    const file = import.meta.filename;
    const certificate = { KAFKA_SSL_CERT_FILE: file, KAFKA_SSL_KEY_FILE: file };
    expect(refused({ ...rest, ...certificate })).toEqual([]);
  });

  it('refuses a peer that is read by the role that writes', () => {
    const issuance = `postgres://deals:${secret}@db:5432/issuance?${tls}`;
    expect(refused({ ...sound, PEER_DATABASE_URLS: JSON.stringify({ issuance }) })).toEqual([
      'PEER_DATABASE_URLS',
    ]);
  });
});

const managementOf = (env: Env) =>
  parseConfig({ name: 'deals', port: 7103 }, env).platform.management;
const development = { AUTH_MODE: 'development', DATABASE_URL: 'postgres://deals@db:5432/deals' };

describe('the port for operators', () => {
  it('is that of the API in development, unless one is set', () => {
    expect(managementOf(development)).toBeNull();
    expect(managementOf({ ...development, MANAGEMENT_PORT: '9000' })).toEqual({
      port: 9_000,
      host: '127.0.0.1',
    });
  });

  it('is 1,000 above that of the API otherwise, on the same host unless one is set', () => {
    expect(managementOf(sound)).toEqual({ port: 8_103, host: '0.0.0.0' });
    expect(managementOf({ ...sound, PORT: '80', HOST: '10.0.0.2' })).toEqual({
      port: 1_080,
      host: '10.0.0.2',
    });
    expect(managementOf({ ...sound, PORT: '0', MANAGEMENT_HOST: '10.0.0.1' })).toEqual({
      port: 0,
      host: '10.0.0.1',
    });
    expect(managementOf({ ...sound, MANAGEMENT_PORT: '9000' })).toMatchObject({ port: 9_000 });
  });

  it('must be set where there is none 1,000 above', () => {
    expect(() => managementOf({ ...sound, PORT: '65000' })).toThrow(ConfigError);
    expect(managementOf({ ...sound, PORT: '65000', MANAGEMENT_PORT: '9000' })).not.toBeNull();
  });
});
