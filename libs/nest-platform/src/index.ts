import 'reflect-metadata';

export * from './attestation/digest.js';
export * from './auth/caller.js';
export * from './clock.js';
export * from './definition.js';
export * from './eligibility/eligibility.js';
export type { EventContext } from './event-context.js';
export * from './http/answer.js';
export * from './http/openapi.js';
export {
  Caller,
  Command,
  CorrelationId,
  Input,
  Operation,
  operationOf,
  type InputOf,
  type OperationOptions,
} from './http/operation.js';
export * from './http/pagination.js';
export * from './http/problem.js';
export * from './ids.js';
export * from './runtime/service-app.js';
export { Ctx, Payload } from '@nestjs/microservices';
export { EventPattern } from './event-pattern.js';
export type { Projection } from './projection.js';
