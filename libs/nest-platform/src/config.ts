import { serviceNames, type ServiceName } from '@specie/contracts';
import type { KafkaSecurity } from '@specie/event-bus';
import { z } from 'zod';
import type { ServiceDefinition } from './definition.js';
import {
  kafkaSecurityExpectations,
  kafkaSecuritySchema,
  readKafkaSecurity,
} from './kafka-settings.js';
import { isPublicHalf, logPublicKeys, type LogPublicKeys } from './signing-key.js';

/** The port a service listens on unless `PORT` says otherwise. */
export const defaultPorts: Readonly<Record<ServiceName, number>> = {
  compliance: 7101,
  issuance: 7102,
  deals: 7103,
  market: 7104,
  metering: 7105,
  audit: 7106,
};

const integerText = (min: number, max: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max));

const databaseUrl = z.string().regex(/^postgres(ql)?:\/\/\S+$/);
const httpUrl = z.string().regex(/^https?:\/\/\S+$/);

/** What each variable must be, for the one line that names a wrong one. The value itself may be a secret. */
const expectations: Readonly<Record<string, string>> = {
  PORT: 'a port from 0 to 65535',
  DATABASE_URL: 'a URL postgres://user:password@host:port/database',
  EVENT_TRANSPORT: '"postgres" or "kafka"',
  KAFKA_BROKERS: 'host:port, several separated by commas',
  KAFKA_TOPIC_PREFIX: 'a lower-case name',
  ...kafkaSecurityExpectations,
  PEER_DATABASE_URLS: `a JSON object from service (${serviceNames.join(', ')}) to database URL`,
  SERVICE_URLS: `a JSON object from service (${serviceNames.join(', ')}) to the http(s) URL people reach it at`,
  ADVERTISED_URL: 'the http(s) URL other instances reach this one at',
  AUTH_MODE: '"development" or "oidc"',
  AUTH_JWKS_URL: 'the http(s) URL of the JWKS',
  LOG_SIGNING_KEY: 'an Ed25519 seed of 32 bytes in base64',
  LOG_PUBLIC_KEYS:
    'a JSON object from service to its Ed25519 public keys (lists of 32 bytes in base64), with every service',
  LOG_LEVEL: 'one of fatal, error, warn, info, debug, trace, silent',
};

const platformSchema = kafkaSecuritySchema.extend({
  PORT: integerText(0, 65_535).optional(),
  HOST: z.string().min(1).max(255).optional(),
  DATABASE_URL: databaseUrl,
  DATABASE_POOL_MAX: integerText(4, 500).optional(),
  EVENT_TRANSPORT: z.enum(['postgres', 'kafka']).default('postgres'),
  KAFKA_BROKERS: z
    .string()
    .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/)
    .transform((text) => text.split(','))
    .optional(),
  KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9.-]{0,62}$/)
    .default('specie'),
  KAFKA_PARTITIONS: integerText(6, 10_000).optional(),
  KAFKA_REPLICATION_FACTOR: integerText(1, 9).optional(),
  PEER_DATABASE_URLS: z
    .string()
    .transform(parseJson)
    .pipe(z.partialRecord(z.enum(serviceNames), databaseUrl))
    .optional(),
  SERVICE_URLS: z
    .string()
    .transform(parseJson)
    .pipe(z.partialRecord(z.enum(serviceNames), httpUrl))
    .optional(),
  INSTANCE_ID: z
    .string()
    .regex(/^[A-Za-z0-9._:-]{1,64}$/)
    .optional(),
  ADVERTISED_URL: httpUrl.optional(),
  AUTH_MODE: z.enum(['development', 'oidc']).optional(),
  AUTH_ISSUER: z.string().min(1).optional(),
  AUTH_AUDIENCE: z.string().min(1).optional(),
  AUTH_JWKS_URL: httpUrl.optional(),
  LOG_SIGNING_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/)
    .optional(),
  LOG_PUBLIC_KEYS: z
    .string()
    .transform(parseJson)
    .pipe(
      z.record(
        z.enum(serviceNames),
        z
          .array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/))
          .min(1)
          .max(16),
      ),
    )
    .optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  NODE_ENV: z.string().optional(),
  RATE_LIMIT_PER_SECOND: integerText(0, 1_000_000).default(2_000),
  REQUEST_TIMEOUT_MS: integerText(100, 600_000).default(15_000),
  SHUTDOWN_DEADLINE_MS: integerText(100, 600_000).default(10_000),
});

type ParsedPlatform = z.output<typeof platformSchema>;

/** The platform's settings, complete and consistent. */
export interface PlatformConfig {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string;
  readonly databasePoolMax: number;
  readonly transport:
    | {
        readonly kind: 'postgres';
        readonly peerDatabaseUrls: Readonly<Partial<Record<ServiceName, string>>>;
      }
    | {
        readonly kind: 'kafka';
        readonly brokers: readonly string[];
        readonly security: KafkaSecurity;
        readonly topicPrefix: string;
        readonly partitionCount: number;
        readonly replicationFactor: number;
      };
  readonly peerDatabaseUrls: Readonly<Partial<Record<ServiceName, string>>>;
  /** Where people reach the services, for the documentation page. */
  readonly serviceUrls: Readonly<Partial<Record<ServiceName, string>>>;
  readonly instanceId: string;
  /** Null until the port is known. */
  readonly advertisedUrl: string | null;
  readonly auth:
    | { readonly mode: 'development' }
    | {
        readonly mode: 'oidc';
        readonly issuer: string;
        readonly audience: string;
        readonly jwksUrl: string;
      };
  /** 32 bytes. */
  readonly logSigningSeed: Buffer | null;
  /** By which what other services publish is verified. */
  readonly logPublicKeys: LogPublicKeys;
  readonly logLevel: string;
  readonly isProduction: boolean;
  readonly rateLimitPerSecond: number;
  readonly requestTimeoutMs: number;
  readonly shutdownDeadlineMs: number;
}

/** Injection token of `PlatformConfig`. */
export const PLATFORM_CONFIG = Symbol.for('specie:platform-config');

/** The settings cannot be used; the message has one line for each wrong variable and never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(service: string, problems: readonly string[]) {
    super(`${service} cannot start:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Reads the settings once. @throws ConfigError naming every wrong variable. */
export function parseConfig(
  definition: Pick<ServiceDefinition, 'name' | 'config'>,
  env: Readonly<Record<string, string | undefined>>,
): { readonly platform: PlatformConfig; readonly service: unknown } {
  const settings = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const platform = platformSchema.safeParse(settings);
  const service = (definition.config ?? z.object({})).safeParse(settings);
  const problems = [...problemsOf(platform), ...problemsOf(service)];
  if (!platform.success || !service.success) {
    throw new ConfigError(definition.name, problems);
  }
  const kafka = readKafkaSecurity(platform.data, platform.data.NODE_ENV === 'production');
  problems.push(
    ...contradictions(platform.data),
    ...keyProblems(definition.name, platform.data),
    ...kafka.problems,
  );
  if (problems.length > 0) {
    throw new ConfigError(definition.name, problems);
  }
  const config = toConfig(definition.name, platform.data, kafka.security);
  return { platform: config, service: service.data };
}

function problemsOf(parsed: z.ZodSafeParseResult<unknown>): readonly string[] {
  const lines = (parsed.error?.issues ?? []).map((issue) => {
    const variable = String(issue.path[0] ?? 'environment');
    const missing =
      issue.code === 'invalid_type' &&
      issue.path.length === 1 &&
      !('received' in issue && issue.received);
    const expected = expectations[variable] ?? issue.message;
    return `${variable}: ${missing ? 'missing or wrong; ' : ''}expected ${expected}`;
  });
  return [...new Set(lines)];
}

function contradictions(parsed: ParsedPlatform): string[] {
  const problems: string[] = [];
  if (parsed.EVENT_TRANSPORT === 'kafka' && !parsed.KAFKA_BROKERS) {
    problems.push(
      `KAFKA_BROKERS: missing; EVENT_TRANSPORT=kafka needs ${expectations['KAFKA_BROKERS'] ?? ''}`,
    );
  }
  const mode = parsed.AUTH_MODE ?? 'development';
  if (mode === 'development' && parsed.NODE_ENV === 'production') {
    problems.push(
      'AUTH_MODE: must be "oidc" where NODE_ENV=production; the development issuer lets anybody in',
    );
  }
  if (mode === 'oidc') {
    for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE', 'AUTH_JWKS_URL'] as const) {
      if (!parsed[name]) {
        problems.push(`${name}: missing; AUTH_MODE=oidc needs it`);
      }
    }
  }
  return problems;
}

/** Anybody can sign with the development keys, and a service whose own key nobody knows is believed by nobody. */
function keyProblems(name: ServiceName, parsed: ParsedPlatform): readonly string[] {
  const { LOG_SIGNING_KEY: seed, LOG_PUBLIC_KEYS: keys } = parsed;
  const missing =
    parsed.NODE_ENV === 'production'
      ? (['LOG_SIGNING_KEY', 'LOG_PUBLIC_KEYS'] as const).filter((variable) => !parsed[variable])
      : [];
  const problems = missing.map(
    (variable) => `${variable}: missing; expected ${expectations[variable] ?? ''}`,
  );
  if (seed && keys && !keys[name].some((key) => isPublicHalf(key, Buffer.from(seed, 'base64')))) {
    problems.push(`LOG_PUBLIC_KEYS: must list the public half of LOG_SIGNING_KEY for ${name}`);
  }
  return problems;
}

function toConfig(
  name: ServiceName,
  parsed: ParsedPlatform,
  security: KafkaSecurity,
): PlatformConfig {
  const port = parsed.PORT ?? defaultPorts[name];
  const isProduction = parsed.NODE_ENV === 'production';
  const peerDatabaseUrls = parsed.PEER_DATABASE_URLS ?? {};
  const seed = parsed.LOG_SIGNING_KEY ? Buffer.from(parsed.LOG_SIGNING_KEY, 'base64') : null;
  return {
    port,
    // Outside production nothing but this machine may reach a service that has a development issuer.
    host: parsed.HOST ?? (isProduction ? '0.0.0.0' : '127.0.0.1'),
    databaseUrl: parsed.DATABASE_URL,
    databasePoolMax: parsed.DATABASE_POOL_MAX ?? 16,
    transport:
      parsed.EVENT_TRANSPORT === 'kafka'
        ? {
            kind: 'kafka',
            brokers: parsed.KAFKA_BROKERS ?? [],
            security,
            topicPrefix: parsed.KAFKA_TOPIC_PREFIX,
            // For topics that do not exist yet; those of an existing one never change.
            partitionCount: parsed.KAFKA_PARTITIONS ?? 6,
            replicationFactor: parsed.KAFKA_REPLICATION_FACTOR ?? (isProduction ? 3 : 1),
          }
        : { kind: 'postgres', peerDatabaseUrls },
    peerDatabaseUrls,
    serviceUrls: withoutLastSlash(parsed.SERVICE_URLS ?? {}),
    instanceId: parsed.INSTANCE_ID ?? `${name}-${process.pid}`,
    advertisedUrl: parsed.ADVERTISED_URL?.replace(/\/$/, '') ?? null,
    auth:
      parsed.AUTH_MODE === 'oidc'
        ? {
            mode: 'oidc',
            issuer: parsed.AUTH_ISSUER ?? '',
            audience: parsed.AUTH_AUDIENCE ?? '',
            jwksUrl: parsed.AUTH_JWKS_URL ?? '',
          }
        : { mode: 'development' },
    logSigningSeed: seed,
    logPublicKeys: logPublicKeys(parsed.LOG_PUBLIC_KEYS ?? {}, { service: name, seed }),
    logLevel: parsed.LOG_LEVEL,
    isProduction,
    rateLimitPerSecond: parsed.RATE_LIMIT_PER_SECOND,
    requestTimeoutMs: parsed.REQUEST_TIMEOUT_MS,
    shutdownDeadlineMs: parsed.SHUTDOWN_DEADLINE_MS,
  };
}

function withoutLastSlash(
  urls: Readonly<Partial<Record<ServiceName, string>>>,
): Readonly<Partial<Record<ServiceName, string>>> {
  return Object.fromEntries(
    Object.entries(urls).map(([service, url]) => [service, url.replace(/\/$/, '')]),
  );
}

function parseJson(text: string, context: z.core.$RefinementCtx): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.issues.push({ code: 'custom', input: text, message: 'not JSON' });
    return z.NEVER;
  }
}
