import 'reflect-metadata';

export { Ctx, Payload } from '@nestjs/microservices';
export { EventContext, PoisonEventError, TransientEventError } from '@specie/event-bus';
export * from './auth/caller.js';
export { Readers, requireParty } from './http/readers.js';
export {
  developmentAudience,
  DevelopmentIssuer,
  developmentIssuer,
  developmentKeyId,
} from './auth/development-issuer.js';
export * from './clock.js';
export { ConfigError, PLATFORM_CONFIG, type PlatformConfig } from './settings/config.js';
export * from './definition.js';
export { developmentSecret } from './settings/development-secrets.js';
export { EventPattern } from './messaging/event-pattern.js';
export * from './http/answer.js';
export { bodyBytesMaxDefault } from './http/body.js';
export { chosenId } from './http/chosen-id.js';
export { withEtag } from './http/etag.js';
export type { OpenApiDocument, OpenApiOperation } from './http/openapi.js';
export type { ApiText } from './http/openapi-texts.js';
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
export {
  platformRefusals,
  refusalText,
  type RefusalText,
  type RefusalTexts,
} from './http/refusals.js';
export type { HttpResponse } from './http/request-state.js';
export { pathTemplate, successStatus, type Route } from './http/routes.js';
export { derivedId, isUuid } from '@specie/contracts/ids';
export { LOGGER, type Logger } from './logging.js';
export { mergeSubjects, type MergedSubjects } from './merged-subjects.js';
export { requireSettled } from './messaging/settled.js';
export { Together, type TogetherOptions } from './messaging/together.js';
export { Metrics } from './metrics.js';
export { openApiOf, serviceRoutes } from './operations/service-routes.js';
export { weakSecret, type Settings } from './settings/production.js';
export {
  createServiceApp,
  type ServiceApp,
  type ServiceOverrides,
  type TokenRequest,
} from './runtime/service-app.js';
export { startService } from './runtime/start-service.js';
export { RateLimiter } from './serving/rate-limit.js';
export { TokenVerifier } from './serving/token-verifier.js';
export { WriterRole } from './instance/writer-role.js';
export { developmentLogPublicKey, ed25519KeyOf, logSigningKey } from './settings/signing-key.js';
export { inSlices } from './slices.js';
export * from './subject.js';
