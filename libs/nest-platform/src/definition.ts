import type { Provider, Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import type { ServiceName } from '@specie/contracts';
import type { EntityManager, EntitySchema, MigrationInterface } from 'typeorm';
import type { z } from 'zod';
import type { AttestedCollection } from './attestation/digest.js';
import type { Settings } from './production.js';
import type { RefusalTexts } from './http/refusals.js';
import type { Projection } from '@specie/postgres-event-store';

/** Work that a deadline makes due; runs again and again, on one instance at a time where there is a single writer. */
export interface Sweep {
  readonly name: string;
  readonly everyMs: number;
  /** A read that says whether there is anything to do; without it every run takes the sweep's lease, twice written. */
  readonly isDue?: (injector: ModuleRef) => Promise<boolean>;
  run(injector: ModuleRef): Promise<void>;
}

/** One part of a service's health. A degraded one is worth a look; the instance goes on serving. */
export interface HealthSignal {
  readonly name: string;
  readonly isDegraded: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What the API document says of the service as a whole. */
export interface ApiText {
  /** What the service is for and where a newcomer begins. */
  readonly description: string;
  /** By tag, which is the name of a controller without its suffix: what its operations are about. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Everything the platform needs to run a service. */
export interface ServiceDefinition<Config extends z.ZodObject = z.ZodObject> {
  readonly name: ServiceName;
  readonly api?: ApiText;
  /** Settings of the service beyond the platform's own; keys are environment variables. Inject `SERVICE_CONFIG`. */
  readonly config?: Config;
  /**
   * What of the service's own settings a production start refuses, a line for each variable that never has its value.
   * The settings are as they were given, since some may not even parse.
   */
  readonly weakSettings?: (settings: Settings) => readonly string[];
  readonly entities: readonly EntitySchema[];
  readonly migrations: readonly (new () => MigrationInterface)[];
  readonly projections: readonly Projection[];
  /** The collections of docs/architecture.md, read in the transaction of `manager`. Absent: nothing is attested. */
  readonly attestedState?: (manager: EntityManager) => Promise<readonly AttestedCollection[]>;
  readonly controllers: readonly Type[];
  /** What to do about each refusal, by its code; of every code in the `rejections` of its operations. */
  readonly refusals?: RefusalTexts;
  readonly providers?: readonly Provider[];
  /** One instance decides and consumes; the others answer reads and forward writes to it. */
  readonly singleWriter?: boolean;
  readonly sweeps?: readonly Sweep[];
  /** What of the service itself `/health/ready` shows; it is public, so no ids of parties and no texts of others. */
  readonly health?: (injector: ModuleRef) => Promise<readonly HealthSignal[]>;
  /** Runs when this instance becomes the writer, before it consumes or takes a write; rebuild memory from the log here. */
  readonly onBecomeWriter?: (injector: ModuleRef) => Promise<void>;
  /** Event types of other services (or its own) that the service has an `@EventPattern` for. */
  readonly eventsConsumed?: readonly string[];
  /** Keeps a local copy of eligibility and provides `EligibilityDirectory` and `EligibilityQuery`. */
  readonly usesEligibility?: boolean;
}

/** Injection token of the service's own settings, parsed. */
export const SERVICE_CONFIG = Symbol.for('specie:service-config');

/** Injection token of the running `ServiceDefinition`. */
export const SERVICE_DEFINITION = Symbol.for('specie:service-definition');

/** Checks a definition and keeps its type. */
export function defineService<Config extends z.ZodObject = z.ZodObject>(
  definition: ServiceDefinition<Config>,
): ServiceDefinition<Config> {
  return definition;
}
