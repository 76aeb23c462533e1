import 'reflect-metadata';

export { Ctx, Payload } from '@nestjs/microservices';
export { EventContext, PoisonEventError, TransientEventError } from '@specie/event-bus';
export type { Projection } from '@specie/postgres-event-store';
export * from './attestation/digest.js';
export * from './auth/caller.js';
export { DevelopmentIssuer } from './auth/development-issuer.js';
export * from './clock.js';
export { asBigint, asNumber } from './columns.js';
export { ConfigError, defaultPorts, PLATFORM_CONFIG, type PlatformConfig } from './config.js';
export * from './definition.js';
export { developmentSecret } from './development-secrets.js';
export {
  EligibilityDirectory,
  type EligibleAction,
  type PartyStanding,
} from './eligibility/eligibility.js';
export { EligibilityQuery, type OwnEligibility } from './eligibility/eligibility-query.js';
export { ownIneligibility } from './eligibility/ineligibility.js';
export { EventPattern } from './event-pattern.js';
export * from './http/answer.js';
export { chosenId } from './http/chosen-id.js';
export { etag } from './http/etag.js';
export { openApiOf, type OpenApiDocument, type OpenApiOperation } from './http/openapi.js';
export {
  Caller,
  Command,
  Input,
  Operation,
  type InputOf,
  type OperationOptions,
} from './http/operation.js';
export * from './http/pagination.js';
export * from './http/problem.js';
export { refusalText, type RefusalText, type RefusalTexts } from './http/refusals.js';
export type { HttpResponse } from './http/request-state.js';
export * from './ids.js';
export { LOGGER, type Logger } from './logging.js';
export { requireSettled } from './messaging/settled.js';
export { Together, type TogetherOptions } from './messaging/together.js';
export { Metrics } from './metrics.js';
export { weakSecret, type Settings } from './production.js';
export {
  createServiceApp,
  type ServiceApp,
  type ServiceOverrides,
  type TokenRequest,
} from './runtime/service-app.js';
export { startService } from './runtime/start-service.js';
export { WriterRole } from './runtime/writer-role.js';
export { developmentLogPublicKey } from './signing-key.js';
export { inSlices } from './slices.js';
