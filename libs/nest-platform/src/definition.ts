import type { ServiceName } from '@specie/contracts';
import type { z } from 'zod';
import type { ConfiguredService } from './settings/config.js';
import type { Subject } from './subject.js';

/** Everything the platform needs to run a service. */
export interface ServiceDefinition<
  Config extends z.ZodObject = z.ZodObject,
> extends ConfiguredService<Config> {
  readonly name: ServiceName;
  /** What the service is for and where a newcomer begins, for its API document. */
  readonly api?: { readonly description: string };
  /** One instance decides and consumes; the others answer reads and forward writes to it. */
  readonly singleWriter?: boolean;
  /** Whatever the service does; in the order in which their projections apply. */
  readonly subjects: readonly Subject[];
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
