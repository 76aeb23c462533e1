import {
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import { z } from 'zod';
import type { PlatformConfig } from '../settings/config.js';
import { type Problem, Unauthorized, Unavailable } from '../http/problem.js';
import { roles, type CallerIdentity, type Role } from '../auth/caller.js';
import {
  developmentAudience,
  developmentIssuer,
  DevelopmentIssuer,
  tokenTtlSecondsMax,
} from '../auth/development-issuer.js';

/** Never HMAC: a public key taken for a shared secret would verify a forged token (RFC 8725, 3.1). */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];
const tokenLengthMax = 8_192;

/** Scoped to one party; a role this platform does not know says nothing here and is passed over. */
const claims = z.object({
  sub: z.string().min(1).max(255),
  party_id: z.uuid().refine((text) => text === text.toLowerCase()),
  roles: z.array(z.string().max(64)).max(64),
  exp: z.number(),
});

/**
 * Verifies bearer tokens (RFC 8725): fixed algorithms, issuer, audience, expiry with 5 s of tolerance. Only access
 * tokens are taken (RFC 9068: `typ` is `at+jwt`), since ID and logout tokens of the same issuer say who somebody is
 * and not what their bearer may do; and only such that end within a day, since nobody can take one back.
 */
export class TokenVerifier {
  private readonly key: JWTVerifyGetKey;
  private readonly options: JWTVerifyOptions;

  constructor(auth: PlatformConfig['auth']) {
    const shared = {
      algorithms,
      typ: 'at+jwt',
      clockTolerance: 5,
      requiredClaims: ['sub', 'exp'],
      maxTokenAge: tokenTtlSecondsMax,
    };
    if (auth.mode === 'oidc') {
      this.key = createRemoteJWKSet(new URL(auth.jwksUrl), {
        cooldownDuration: 30_000,
        timeoutDuration: 5_000,
      });
      this.options = { ...shared, issuer: auth.issuer, audience: auth.audience };
    } else {
      const { publicKey } = new DevelopmentIssuer();
      this.key = () => publicKey;
      this.options = {
        ...shared,
        algorithms: ['EdDSA'],
        issuer: developmentIssuer,
        audience: developmentAudience,
      };
    }
  }

  /** The caller of a request by its Authorization header. @throws Problem 401, or 503 when the keys cannot be had. */
  async verify(authorization: string | undefined): Promise<CallerIdentity> {
    const token = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization ?? '')?.[1];
    if (authorization === undefined || authorization === '') {
      throw new Unauthorized('token_missing');
    }
    if (token === undefined || token.length > tokenLengthMax) {
      throw new Unauthorized('token_invalid');
    }
    return identityOf(await this.payloadOf(token));
  }

  private async payloadOf(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.key, this.options);
      if (Number(payload.exp) - Number(payload.iat) > tokenTtlSecondsMax) {
        throw new errors.JWTClaimValidationFailed('lasts too long', payload, 'exp');
      }
      return payload;
    } catch (error) {
      throw problemOf(error);
    }
  }
}

function identityOf(payload: JWTPayload): CallerIdentity {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) {
    throw new Unauthorized('token_invalid');
  }
  const known = parsed.data.roles.filter((role): role is Role =>
    (roles as readonly string[]).includes(role),
  );
  const { sub, party_id: partyId, exp } = parsed.data;
  return { partyId, roles: known, subject: sub, expiresAtMs: exp * 1_000 };
}

function problemOf(error: unknown): Problem {
  if (error instanceof errors.JWTExpired) {
    return new Unauthorized('token_expired');
  }
  // Only a failure to fetch the keys is our trouble; everything else is wrong with the token.
  const isOurs =
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    !(error instanceof errors.JOSEError) ||
    error.code === 'ERR_JOSE_GENERIC';
  return isOurs
    ? new Unavailable('identity_provider_unavailable', 5)
    : new Unauthorized('token_invalid');
}
