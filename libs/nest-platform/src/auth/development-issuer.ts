import { createPublicKey, randomUUID, type KeyObject } from 'node:crypto';
import { exportJWK, SignJWT, type JWK } from 'jose';
import { developmentSecret } from '../settings/development-secrets.js';
import { ed25519KeyOf } from '../settings/signing-key.js';
import type { Role } from './caller.js';

export const developmentIssuer = 'urn:specie:development-issuer';
export const developmentAudience = 'specie';
export const developmentKeyId = 'development';
/** No token, whoever issued it, lasts longer. */
export const tokenTtlSecondsMax = 86_400;

/**
 * Issues tokens in development: every service derives the same key, so a token works at all of them and survives a
 * restart. The seed is public, which is why a production start refuses it.
 */
export class DevelopmentIssuer {
  private readonly privateKey = ed25519KeyOf(developmentSecret('issuer'));

  get publicKey(): KeyObject {
    return createPublicKey(this.privateKey);
  }

  async jwks(): Promise<{ readonly keys: readonly JWK[] }> {
    const key = await exportJWK(this.publicKey);
    return { keys: [{ ...key, kid: developmentKeyId, alg: 'EdDSA', use: 'sig' }] };
  }

  async issue(request: {
    readonly partyId: string;
    readonly roles: readonly Role[];
    readonly ttlSeconds?: number;
    readonly nowSeconds?: number;
  }): Promise<string> {
    const now = request.nowSeconds ?? Math.floor(Date.now() / 1_000);
    return new SignJWT({ party_id: request.partyId, roles: [...request.roles] })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: developmentKeyId })
      .setIssuer(developmentIssuer)
      .setAudience(developmentAudience)
      .setSubject(`development:${request.partyId}`)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + (request.ttlSeconds ?? 3_600))
      .sign(this.privateKey);
  }
}
