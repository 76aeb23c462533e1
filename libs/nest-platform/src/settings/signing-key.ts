import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { serviceNames, type ServiceName } from '@specie/contracts';
import { developmentSecret } from './development-secrets.js';

/** An Ed25519 private key from its 32-byte seed: PKCS #8 is a fixed prefix and the seed. */
export function ed25519KeyOf(seed: Buffer): KeyObject {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' });
}

/** The Ed25519 key that signs the head of a service's log; in development derived from the service's name. */
export function logSigningKey(service: ServiceName, seed: Buffer | null): KeyObject {
  return ed25519KeyOf(seed ?? developmentSecret(`log of ${service}`));
}

/** The public half of a service's development key. */
export function developmentLogPublicKey(service: ServiceName): KeyObject {
  return createPublicKey(logSigningKey(service, null));
}

/** Whether `text`, 32 bytes in base64, is the public half of any service's development key. */
export function isDevelopmentPublicKey(text: string): boolean {
  const key = Buffer.from(text, 'base64').toString('base64url');
  return serviceNames.some(
    (service) => developmentLogPublicKey(service).export({ format: 'jwk' }).x === key,
  );
}

/** Who may have signed the log of each service: several keys after a rotation. */
export type LogPublicKeys = Readonly<Record<ServiceName, readonly KeyObject[]>>;

/** The configured keys (32 bytes in base64); for a service without any, its development key. */
export function logPublicKeys(
  configured: Readonly<Partial<Record<ServiceName, readonly string[]>>>,
  own: { readonly service: ServiceName; readonly seed: Buffer | null },
): LogPublicKeys {
  const keysOf = (service: ServiceName): readonly KeyObject[] =>
    configured[service]?.map(publicKeyOf) ??
    (service === own.service
      ? [createPublicKey(logSigningKey(service, own.seed))]
      : [developmentLogPublicKey(service)]);
  return Object.fromEntries(
    serviceNames.map((service) => [service, keysOf(service)]),
  ) as unknown as LogPublicKeys;
}

/** Whether `text`, 32 bytes in base64, is the public half of the key with this seed. */
export function isPublicHalf(text: string, seed: Buffer): boolean {
  return publicKeyOf(text).equals(createPublicKey(ed25519KeyOf(seed)));
}

function publicKeyOf(text: string): KeyObject {
  const x = Buffer.from(text, 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
