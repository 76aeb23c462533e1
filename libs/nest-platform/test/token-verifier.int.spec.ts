import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TokenVerifier } from '../src/auth/token-verifier.js';

const issuer = 'https://issuer.example';
const audience = 'specie';
const partyId = '5b1d2f64-8f4f-4c7d-9f0c-1f6a2f3e4d5c';
let server: Server;
let jwksUrl: string;
let keys: JWK[];

beforeEach(async () => {
  keys = [];
  server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
});

async function signed(
  alg: string,
  claims: Record<string, unknown>,
  options: { readonly publish?: boolean } = {},
): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  if (options.publish ?? true) {
    keys.push({ ...(await exportJWK(publicKey)), kid: alg, alg, use: 'sig' });
  }
  const token = await new SignJWT({
    iss: issuer,
    aud: audience,
    sub: 'user-1',
    exp: Math.floor(Date.now() / 1_000) + 60,
    ...claims,
  })
    .setProtectedHeader({ alg, kid: alg })
    .sign(privateKey);
  return `Bearer ${token}`;
}

const verifier = (): TokenVerifier =>
  new TokenVerifier({ mode: 'oidc', issuer, audience, jwksUrl });
const good = { party_id: partyId, roles: ['founder', 'offline_access'] };

describe('an OIDC token', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])(
    'signed with %s is taken, with the roles known here',
    async (alg) => {
      const authorization = await signed(alg, good);
      expect(await verifier().verify(authorization)).toEqual({
        partyId,
        roles: ['founder'],
        subject: 'user-1',
      });
    },
  );

  it.each([
    ['of another issuer', { ...good, iss: 'https://other.example' }, 'token_invalid'],
    ['for another audience', { ...good, aud: 'bank' }, 'token_invalid'],
    ['without a subject', { ...good, sub: undefined }, 'token_invalid'],
    ['without an end', { ...good, exp: undefined }, 'token_invalid'],
    ['without a party', { roles: ['founder'] }, 'token_invalid'],
    ['with a party that is no UUID', { ...good, party_id: 'acme' }, 'token_invalid'],
    ['with roles that are no list', { ...good, roles: 'founder' }, 'token_invalid'],
    ['that ended', { ...good, exp: Math.floor(Date.now() / 1_000) - 30 }, 'token_expired'],
  ])('%s is refused', async (_name, claims, code) => {
    const authorization = await signed('ES256', claims);
    await expect(verifier().verify(authorization)).rejects.toMatchObject({ status: 401, code });
  });

  it('signed with a key nobody published is refused', async () => {
    const authorization = await signed('ES256', good, { publish: false });
    await expect(verifier().verify(authorization)).rejects.toMatchObject({
      status: 401,
      code: 'token_invalid',
    });
  });

  it('cannot be judged while the keys are out of reach', async () => {
    const authorization = await signed('ES256', good);
    const unreachable = new TokenVerifier({
      mode: 'oidc',
      issuer,
      audience,
      jwksUrl: 'http://127.0.0.1:1/jwks.json',
    });
    await expect(unreachable.verify(authorization)).rejects.toMatchObject({
      status: 503,
      code: 'identity_provider_unavailable',
    });
  });
});
