import type { INestApplication } from '@nestjs/common';
import type { Role } from '../auth/caller.js';
import type { Clock } from '../clock.js';
import type { ServiceDefinition } from '../definition.js';

export interface ServiceOverrides {
  /** Settings as environment variables; nothing is read from `process.env` when given. */
  readonly env?: Readonly<Record<string, string>>;
  readonly databaseUrl?: string;
  readonly clock?: Clock;
  /** 0 takes any free port. */
  readonly port?: number;
}

export interface TokenRequest {
  readonly partyId: string;
  readonly roles: readonly Role[];
  readonly ttlSeconds?: number;
}

/** A running instance of a service. */
export interface ServiceApp {
  readonly app: INestApplication;
  /** Without a slash at the end. */
  readonly url: string;
  /** A bearer token of the development issuer. */
  token(request: TokenRequest): Promise<string>;
  /** Drains and stops: no new requests, the ones in flight end, then bus, store and pools close. */
  close(): Promise<void>;
}

/** Starts an instance in this process and leaves signals alone; for tests and tools. */
export function createServiceApp(
  definition: ServiceDefinition,
  overrides: ServiceOverrides = {},
): Promise<ServiceApp> {
  return Promise.reject(
    new Error(`not running yet: ${definition.name} ${JSON.stringify(overrides)}`),
  );
}

/** Starts the service with the settings of the environment and runs it until it is told to stop. */
export async function startService(definition: ServiceDefinition): Promise<void> {
  await createServiceApp(definition);
}
