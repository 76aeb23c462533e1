import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import type { PlatformConfig } from './settings/config.js';
import { currentRequest } from './http/request-state.js';

export type { Logger };

/** Injection token of the service's `Logger` (pino). Log ids and codes; never names, bodies or addresses. */
export const LOGGER = Symbol.for('specie:logger');

/** JSON lines on stdout; every line of a request carries its correlation id. */
export function createLogger(
  service: string,
  config: Pick<PlatformConfig, 'logLevel' | 'instanceId'>,
): Logger {
  return pino({
    level: config.logLevel,
    base: { service, instance: config.instanceId },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const request = currentRequest();
      return request ? { correlationId: request.correlationId } : {};
    },
  });
}

export interface ErrorFields {
  readonly errorName: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly frames: readonly string[];
}

const frameCountMax = 12;
const messageLengthMax = 300;

/** Errors that only our own code throws, with text that we wrote. */
const ownErrors = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'ConfigError',
  'EventStoreUnavailableError',
  'TransientEventError',
  'PoisonEventError',
]);

/**
 * What may be logged of an error. The messages of PostgreSQL, JSON.parse and zod repeat what the user sent, so only
 * those of our own errors are kept; stack frames with a code say enough to find the line.
 */
export function describeError(error: unknown): ErrorFields {
  if (!(error instanceof Error)) {
    return { errorName: typeof error, frames: [] };
  }
  const { code, driverError } = error as {
    readonly code?: unknown;
    readonly driverError?: { readonly code?: unknown };
  };
  const errorCode = typeof code === 'string' ? code : driverError?.code;
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, frameCountMax)
    .map((line) => line.trim());
  const isOwn = code === undefined && driverError === undefined && ownErrors.has(error.name);
  return {
    errorName: error.name,
    frames,
    ...(isOwn ? { errorMessage: error.message.slice(0, messageLengthMax) } : {}),
    ...(typeof errorCode === 'string' ? { errorCode } : {}),
  };
}

/** Lets Nest's own lines (start-up, routes) go the same way as the service's. */
export class NestLogger implements LoggerService {
  private readonly logger: Logger;

  constructor(logger: Logger) {
    this.logger = logger;
  }

  // Start-up chatter of the framework is of interest only to who looks for a fault in it.
  log(message: unknown, ...context: unknown[]): void {
    this.logger.debug({ context: contextOf(context) }, textOf(message));
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.logger.debug({ context: contextOf(context) }, textOf(message));
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.logger.trace({ context: contextOf(context) }, textOf(message));
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.logger.warn({ context: contextOf(context) }, textOf(message));
  }

  error(message: unknown, ...context: unknown[]): void {
    if (message instanceof Error) {
      this.logger.error(
        { ...describeError(message), context: contextOf(context) },
        'framework error',
      );
    } else {
      this.logger.error({ context: contextOf(context) }, textOf(message));
    }
  }

  fatal(message: unknown, ...context: unknown[]): void {
    this.error(message, ...context);
  }
}

function textOf(message: unknown): string {
  return typeof message === 'string' ? message : 'framework message';
}

function contextOf(context: readonly unknown[]): string | undefined {
  const last = context.at(-1);
  return typeof last === 'string' && !last.includes('\n') ? last : undefined;
}
