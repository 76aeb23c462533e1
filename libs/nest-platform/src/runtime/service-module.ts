import { Inject, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import type { PlatformConfig } from '../settings/config.js';
import type { ServiceDefinition } from '../definition.js';
import { mergeSubjects } from '../merged-subjects.js';
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
  const { controllers, consumers, providers } = mergeSubjects(definition.subjects);
  return {
    module: ServiceModule,
    imports: [TerminusModule.forRoot({ logger: false })],
    controllers: [...controllers, ...consumers, ...platformControllers(config.auth.mode)],
    providers: [...provided, Discards, ...providers, Injector],
  };
}
