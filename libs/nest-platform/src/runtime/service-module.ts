import { Inject, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { AttestationConsumer, attestationEvents } from '../attestation/attestation.consumer.js';
import { postgresPartitionCount } from '@specie/event-bus';
import type { PlatformConfig } from '../config.js';
import type { ServiceDefinition } from '../definition.js';
import { EligibilityDirectory } from '../eligibility/eligibility.js';
import { EligibilityQuery } from '../eligibility/eligibility-query.js';
import { EligibilityConsumer, eligibilityEvents } from '../eligibility/eligibility.consumer.js';
import { Discards } from '../operations/discards.js';
import { platformControllers } from '../operations/platform-controllers.js';

/** Gives sweeps and hooks access to the providers of the service. */
export class Injector {
  readonly moduleRef: ModuleRef;

  constructor(@Inject(ModuleRef) moduleRef: ModuleRef) {
    this.moduleRef = moduleRef;
  }
}

@Module({})
export class ServiceModule {}

/** The one module of a service: what the platform provides and what the definition adds. */
export function serviceModule(
  definition: ServiceDefinition,
  config: PlatformConfig,
  provided: readonly Provider[],
): DynamicModule {
  return {
    module: ServiceModule,
    imports: [TerminusModule.forRoot({ logger: false })],
    controllers: [
      ...definition.controllers,
      ...platformControllers(config.auth.mode),
      ...(definition.attestedState ? [AttestationConsumer] : []),
      ...(definition.usesEligibility ? [EligibilityConsumer] : []),
    ],
    providers: [
      ...provided,
      Discards,
      ...(definition.usesEligibility
        ? [eligibilityDirectoryOf(definition, config), EligibilityQuery]
        : []),
      ...(definition.providers ?? []),
      Injector,
    ],
  };
}

function eligibilityDirectoryOf(definition: ServiceDefinition, config: PlatformConfig): Provider {
  const { transport } = config;
  const partitionCount =
    transport.kind === 'kafka' ? transport.partitionCount : postgresPartitionCount;
  const options = { consumer: definition.name, partitionCount };
  return { provide: EligibilityDirectory, useValue: new EligibilityDirectory(options) };
}

/** Every event type that the service and the platform's own consumers handle. */
export function consumedEventsOf(definition: ServiceDefinition): readonly string[] {
  return [
    ...new Set([
      ...(definition.eventsConsumed ?? []),
      ...(definition.attestedState ? attestationEvents : []),
      ...(definition.usesEligibility ? eligibilityEvents : []),
    ]),
  ];
}
