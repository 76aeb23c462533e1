import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { ServiceName } from '@specie/contracts';
import { ed25519KeyOf } from './auth/development-issuer.js';

/** The Ed25519 key that signs the head of a service's log; in development derived from the service's name. */
export function logSigningKey(service: ServiceName, seed: Buffer | null): KeyObject {
  return ed25519KeyOf(
    seed ?? createHash('sha256').update(`specie development log of ${service}`).digest(),
  );
}

/** The public half of a service's development key, for an audit that runs where the services do. */
export function developmentLogPublicKey(service: ServiceName): KeyObject {
  return createPublicKey(logSigningKey(service, null));
}
