import { createHash } from 'node:crypto';
import { serviceNames, type ServiceName } from '@specie/contracts';

export type DevelopmentPurpose = 'issuer' | 'name hash' | 'request hash' | `log of ${ServiceName}`;

const purposes: readonly DevelopmentPurpose[] = [
  'issuer',
  'name hash',
  'request hash',
  ...serviceNames.map((service) => `log of ${service}` as const),
];

/** The 32 bytes that development uses where nothing is configured. Everybody can compute them. */
export function developmentSecret(purpose: DevelopmentPurpose): Buffer {
  return createHash('sha256').update(`specie development ${purpose}`).digest();
}

/** Whether `text`, 32 bytes in base64, is a secret of development, for whatever purpose. */
export function isDevelopmentSecret(text: string): boolean {
  return purposes.some((purpose) => developmentSecret(purpose).toString('base64') === text);
}
