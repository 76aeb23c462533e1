import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import {
  developmentAudience,
  developmentIssuer,
  DevelopmentIssuer,
  developmentKeyId,
  developmentSecret,
  ed25519KeyOf,
  type Role,
} from '@specie/nest-platform';

export interface BadToken {
  readonly name: string;
  /** The whole Authorization header; undefined: none. */
  readonly header: string | undefined;
  readonly code: string;
}

/** Every way in which a token can be wrong, for a caller who would otherwise be let in. */
export async function badTokens(
  partyId: string,
  roles: readonly Role[],
): Promise<readonly BadToken[]> {
  const developmentKey = ed25519KeyOf(developmentSecret('issuer'));
  const otherKey = generateKeyPairSync('ed25519').privateKey;
  const token = (
    claims: {
      issuer?: string;
      audience?: string;
      subject?: string;
      partyId?: string;
      roles?: unknown;
    } = {},
  ) =>
    new SignJWT({ party_id: claims.partyId ?? partyId, roles: claims.roles ?? [...roles] })
      .setIssuer(claims.issuer ?? developmentIssuer)
      .setAudience(claims.audience ?? developmentAudience)
      .setSubject(claims.subject ?? `development:${partyId}`)
      .setJti(randomUUID())
      .setIssuedAt();
  const signed = (builder: SignJWT, key = developmentKey): Promise<string> =>
    builder
      .setExpirationTime('1h')
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: developmentKeyId })
      .sign(key);
  const publicKeyText = createPublicKey(developmentKey).export({ format: 'pem', type: 'spki' });
  const good = await signed(token());
  const [head, , signature] = good.split('.');
  const grabbed = Buffer.from(
    JSON.stringify({
      iss: developmentIssuer,
      aud: developmentAudience,
      sub: 'x',
      party_id: randomUUID(),
      roles,
      exp: 9e9,
    }),
  ).toString('base64url');
  const invalid: Readonly<Record<string, string>> = {
    nonsense: 'nonsense',
    'signed with another key': await signed(token(), otherKey),
    'not signed (alg none)': new UnsecuredJWT({ party_id: partyId, roles: [...roles] })
      .setIssuer(developmentIssuer)
      .setAudience(developmentAudience)
      .setSubject('x')
      .setExpirationTime('1h')
      .encode(),
    'signed with the public key as a secret (HS256)': await token()
      .setExpirationTime('1h')
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .sign(Buffer.from(publicKeyText)),
    'of another audience': await signed(token({ audience: 'somebody-else' })),
    'of another issuer': await signed(token({ issuer: 'https://issuer.invalid' })),
    'with claims changed after signing': `${head ?? ''}.${grabbed}.${signature ?? ''}`,
    'without a party': await signed(token({ partyId: '' })),
    'without a list of roles': await signed(token({ roles: 'founder' })),
    'of another kind (ID token)': await token()
      .setExpirationTime('1h')
      .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid: developmentKeyId })
      .sign(developmentKey),
    'that lasts ten years': await token()
      .setExpirationTime('10y')
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: developmentKeyId })
      .sign(developmentKey),
    'without an end': await token()
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .sign(developmentKey),
  };
  const expired = await new DevelopmentIssuer().issue({ partyId, roles, ttlSeconds: -60 });
  return [
    { name: 'no token', header: undefined, code: 'token_missing' },
    { name: 'another scheme', header: 'Basic Zm9vOmJhcg==', code: 'token_invalid' },
    { name: 'an expired token', header: `Bearer ${expired}`, code: 'token_expired' },
    ...Object.entries(invalid).map(([name, text]) => ({
      name: `a token ${name}`,
      header: `Bearer ${text}`,
      code: 'token_invalid',
    })),
  ];
}
