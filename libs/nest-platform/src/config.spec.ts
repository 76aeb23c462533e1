import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from './config.js';

const oidc = {
  AUTH_MODE: 'oidc',
  AUTH_ISSUER: 'https://issuer.invalid',
  AUTH_AUDIENCE: 'specie',
  AUTH_JWKS_URL: 'https://issuer.invalid/jwks',
};
const parse = (env: Readonly<Record<string, string>>) =>
  parseConfig({ name: 'deals' }, { DATABASE_URL: 'postgres://u:secret@localhost:1/db', ...env })
    .platform.management;

describe('the port for operators', () => {
  it('is that of the API in development, unless one is set', () => {
    expect(parse({ AUTH_MODE: 'development' })).toBeNull();
    expect(parse({ AUTH_MODE: 'development', MANAGEMENT_PORT: '9000' })).toEqual({
      port: 9_000,
      host: '127.0.0.1',
    });
  });

  it('is 1,000 above that of the API otherwise, on the same host unless one is set', () => {
    expect(parse(oidc)).toEqual({ port: 8_103, host: '127.0.0.1' });
    expect(parse({ ...oidc, PORT: '80', HOST: '0.0.0.0' })).toEqual({
      port: 1_080,
      host: '0.0.0.0',
    });
    expect(parse({ ...oidc, PORT: '0', MANAGEMENT_HOST: '10.0.0.1' })).toEqual({
      port: 0,
      host: '10.0.0.1',
    });
    expect(parse({ ...oidc, MANAGEMENT_PORT: '9000' })).toMatchObject({ port: 9_000 });
  });

  it('must be set where there is none 1,000 above', () => {
    expect(() => parse({ ...oidc, PORT: '65000' })).toThrow(ConfigError);
    expect(parse({ ...oidc, PORT: '65000', MANAGEMENT_PORT: '9000' })).not.toBeNull();
  });
});
