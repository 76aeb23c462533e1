import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TokenVerifier } from '../src/serving/token-verifier.js';

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

const now = (): number => Math.floor(Date.now() / 1_000);

async function signed(
  alg: string,
  claims: Record<string, unknown>,
  options: {
    readonly publish?: boolean;
    readonly header?: { readonly typ?: string };
  } = {},
): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  if (options.publish ?? true) {
    keys.push({ ...(await exportJWK(publicKey)), kid: alg, alg, use: 'sig' });
  }
  const token = await new SignJWT({
    iss: issuer,
    aud: audience,
    sub: 'user-1',
    iat: now(),
    exp: now() + 60,
    ...claims,
  })
    .setProtectedHeader({ alg, kid: alg, ...(options.header ?? { typ: 'at+jwt' }) })
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
        expiresAtMs: expect.any(Number) as number,
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
    ['that ended', { ...good, exp: now() - 30 }, 'token_expired'],
    ['that lasts ten years', { ...good, exp: now() + 315_360_000 }, 'token_invalid'],
    ['that does not say when it began', { ...good, iat: undefined }, 'token_invalid'],
    ['that begins next year', { ...good, iat: now() + 3e7, exp: now() + 3.001e7 }, 'token_invalid'],
    [
      'that began two days ago and ends tomorrow',
      { ...good, iat: now() - 172_800, exp: now() + 60 },
      'token_expired',
    ],
  ])('%s is refused', async (_name, claims, code) => {
    const authorization = await signed('ES256', claims);
    await expect(verifier().verify(authorization)).rejects.toMatchObject({ status: 401, code });
  });

  it.each([
    ['an ID token', 'JWT', { ...good, nonce: 'n-0S6_WzA2Mj' }],
    [
      'a logout token',
      'logout+jwt',
      { ...good, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } },
    ],
    ['a token that does not say what it is', undefined, good],
  ])('is an access token: %s is refused', async (_name, typ, claims) => {
    const authorization = await signed('ES256', claims, {
      header: typ === undefined ? {} : { typ },
    });
    await expect(verifier().verify(authorization)).rejects.toMatchObject({
      status: 401,
      code: 'token_invalid',
    });
  });

  it('that lasts a day is taken, and may spell out that it is a media type', async () => {
    const claims = { ...good, exp: now() + 86_400 };
    const header = { typ: 'application/at+jwt' };
    const authorization = await signed('ES256', claims, { header });
    expect(await verifier().verify(authorization)).toMatchObject({ partyId });
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
