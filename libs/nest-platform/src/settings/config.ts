import { serviceNames, type ServiceName } from '@specie/contracts';
import type { KafkaSecurity } from '@specie/event-bus';
import type { DatabaseRoles } from '@specie/postgres-event-store';
import { z } from 'zod';
import { hasPortAbove, managementOf, portMax } from './management-port.js';
import {
  kafkaSecurityExpectations,
  kafkaSecuritySchema,
  readKafkaSecurity,
} from './kafka-settings.js';
import { developmentSecret } from './development-secrets.js';
import { isProductionStart, weakDatabaseUrl, weakSettings, type Settings } from './production.js';
import { isPublicHalf, logPublicKeys, type LogPublicKeys } from './signing-key.js';

/** What of a service decides how its settings are read. */
export interface ConfiguredService<Config extends z.ZodObject = z.ZodObject> {
  readonly name: ServiceName;
  /** Where it listens unless `PORT` says otherwise. */
  readonly port: number;
  /** Settings of the service beyond the platform's own; keys are environment variables. Inject `SERVICE_CONFIG`. */
  readonly config?: Config;
  /**
   * What of the service's own settings a production start refuses, a line for each variable that never has its value.
   * The settings are as they were given, since some may not even parse.
   */
  readonly weakSettings?: (settings: Settings) => readonly string[];
}

const integerText = (min: number, max: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max));

const databaseUrl = z.string().regex(/^postgres(ql)?:\/\/\S+$/);
const httpUrl = z.string().regex(/^https?:\/\/\S+$/);
/** 32 bytes in base64. */
const secret = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);

/** What the owner of a service's tables needs to know to migrate them and to give each role its rights. */
const migrationSchema = z.object({
  MIGRATION_DATABASE_URL: databaseUrl,
  DATABASE_ROLE: z.string().regex(/^[^\s,"]{1,63}$/),
  DATABASE_READER_ROLES: z
    .string()
    .regex(/^[^\s,"]{1,63}(,[^\s,"]{1,63}){0,31}$/)
    .transform((text) => text.split(','))
    .optional(),
});

/** What each variable must be, for the one line that names a wrong one. The value itself may be a secret. */
const expectations: Readonly<Record<string, string>> = {
  PORT: 'a port from 0 to 65535',
  MANAGEMENT_PORT: 'a port from 0 to 65535',
  DATABASE_URL: 'a URL postgres://user:password@host:port/database',
  MIGRATION_DATABASE_URL: 'the URL by which the owner of the tables gets to the database',
  DATABASE_ROLE: 'the name of the role that the service works as',
  DATABASE_READER_ROLES: 'names of roles that only read the log, separated by commas',
  EVENT_TRANSPORT: '"postgres" or "kafka"',
  KAFKA_BROKERS: 'host:port, several separated by commas',
  KAFKA_TOPIC_PREFIX: 'a lower-case name',
  ...kafkaSecurityExpectations,
  PEER_DATABASE_URLS: `a JSON object from service (${serviceNames.join(', ')}) to database URL`,
  SERVICE_URLS: `a JSON object from service (${serviceNames.join(', ')}) to the http(s) URL people reach it at`,
  ADVERTISED_URL: 'the http(s) URL other instances reach this one at',
  AUTH_MODE: '"oidc", or "development" where anybody may be let in',
  AUTH_JWKS_URL: 'the http(s) URL of the JWKS',
  LOG_SIGNING_KEY: 'an Ed25519 seed of 32 bytes in base64',
  LOG_PUBLIC_KEYS:
    'a JSON object from service to its Ed25519 public keys (lists of 32 bytes in base64), with every service',
  REQUEST_HASH_KEY: '32 bytes in base64',
  LOG_LEVEL: 'one of fatal, error, warn, info, debug, trace, silent',
};

const platformSchema = kafkaSecuritySchema.extend({
  ...migrationSchema.partial().shape,
  PORT: integerText(0, portMax).optional(),
  HOST: z.string().min(1).max(255).optional(),
  MANAGEMENT_PORT: integerText(0, portMax).optional(),
  MANAGEMENT_HOST: z.string().min(1).max(255).optional(),
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
  AUTH_MODE: z.enum(['development', 'oidc']),
  AUTH_ISSUER: z.string().min(1).optional(),
  AUTH_AUDIENCE: z.string().min(1).optional(),
  AUTH_JWKS_URL: httpUrl.optional(),
  LOG_SIGNING_KEY: secret.optional(),
  LOG_PUBLIC_KEYS: z
    .string()
    .transform(parseJson)
    .pipe(z.record(z.enum(serviceNames), z.array(secret).min(1).max(16)))
    .optional(),
  REQUEST_HASH_KEY: secret.default(developmentSecret('request hash').toString('base64')),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  RATE_LIMIT_PER_SECOND: integerText(0, 1_000_000).default(2_000),
  AUTH_FAILURES_PER_SECOND: integerText(0, 1_000_000).default(10),
  REQUESTS_IN_FLIGHT_MAX: integerText(1, 1_000_000).default(2_048),
  REQUESTS_IN_FLIGHT_PER_CALLER_MAX: integerText(1, 1_000_000).default(256),
  WRITE_TIMEOUT_MS: integerText(100, 600_000).default(10_000),
  REQUEST_TIMEOUT_MS: integerText(100, 600_000).default(15_000),
  SHUTDOWN_DEADLINE_MS: integerText(100, 600_000).default(10_000),
});

type ParsedPlatform = z.output<typeof platformSchema>;

/** As whom a service's tables are migrated, and who gets which rights then. */
export interface MigrationConfig {
  readonly databaseUrl: string;
  readonly roles: DatabaseRoles;
}

/** The platform's settings, complete and consistent. */
export interface PlatformConfig {
  readonly port: number;
  readonly host: string;
  /** Where operators reach metrics, documentation and health; null: on the port of the API. */
  readonly management: { readonly port: number; readonly host: string } | null;
  readonly databaseUrl: string;
  readonly databasePoolMax: number;
  /** Outside production a start may migrate too; null: the service's own role does, or nobody needs to. */
  readonly migration: MigrationConfig | null;
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
  /** Keys the hashes of request bodies, so that nobody can try guesses against what is stored. */
  readonly requestHashKey: Buffer;
  readonly logLevel: string;
  readonly isProduction: boolean;
  readonly rateLimitPerSecond: number;
  /** Of requests without a valid token, for each address; 0: any number. */
  readonly authFailuresPerSecond: number;
  readonly requestsInFlightMax: number;
  readonly requestsInFlightPerCallerMax: number;
  readonly writeTimeoutMs: number;
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

/** Reads the settings once. @throws ConfigError naming every wrong variable and, in production, every weak one. */
export function parseConfig(
  definition: ConfiguredService,
  env: Readonly<Record<string, string | undefined>>,
): { readonly platform: PlatformConfig; readonly service: unknown } {
  const settings = settingsOf(env);
  const platform = platformSchema.safeParse(settings);
  const service = (definition.config ?? z.object({})).safeParse(settings);
  const kafka = platform.success ? readKafkaSecurity(platform.data) : null;
  const weak = isProductionStart(settings)
    ? [...weakSettings(settings), ...(definition.weakSettings?.(settings) ?? [])]
    : [];
  const problems = [
    ...problemsOf(platform),
    ...problemsOf(service),
    ...missingSettings(settings),
    ...(platform.success ? keyProblems(definition.name, platform.data) : []),
    ...(kafka?.problems ?? []),
    ...weak,
  ];
  if (!platform.success || !service.success || kafka === null || problems.length > 0) {
    throw new ConfigError(definition.name, problems);
  }
  const config = toConfig(definition, platform.data, kafka.security);
  return { platform: config, service: service.data };
}

/** The settings of the command `migrate`, which needs no others. @throws ConfigError naming every wrong variable. */
export function parseMigrationConfig(
  name: ServiceName,
  env: Readonly<Record<string, string | undefined>>,
): MigrationConfig {
  const settings = settingsOf(env);
  const parsed = migrationSchema.safeParse(settings);
  const url = settings['MIGRATION_DATABASE_URL'];
  const isWeak = url !== undefined && isProductionStart(settings);
  const problems = [
    ...problemsOf(parsed),
    ...(isWeak ? weakDatabaseUrl('MIGRATION_DATABASE_URL', url) : []),
  ];
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(name, problems);
  }
  return migrationOf(parsed.data);
}

function settingsOf(env: Readonly<Record<string, string | undefined>>): Settings {
  return Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  ) as Settings;
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

/** What one setting makes another one need. */
function missingSettings(settings: Settings): readonly string[] {
  const needed: Readonly<Record<string, string>> = {
    ...(settings['EVENT_TRANSPORT'] === 'kafka' ? { KAFKA_BROKERS: 'EVENT_TRANSPORT=kafka' } : {}),
    ...(settings['MIGRATION_DATABASE_URL'] === undefined || isProductionStart(settings)
      ? {}
      : { DATABASE_ROLE: 'MIGRATION_DATABASE_URL' }),
    ...(settings['AUTH_MODE'] === 'development'
      ? {}
      : {
          AUTH_ISSUER: 'AUTH_MODE=oidc',
          AUTH_AUDIENCE: 'AUTH_MODE=oidc',
          AUTH_JWKS_URL: 'AUTH_MODE=oidc',
          ...(hasPortAbove(Number(settings['PORT'] ?? 0))
            ? {}
            : { MANAGEMENT_PORT: `PORT=${settings['PORT']}` }),
        }),
  };
  return Object.entries(needed)
    .filter(([variable]) => settings[variable] === undefined)
    .map(([variable, why]) => {
      const expected = expectations[variable];
      return `${variable}: missing; ${why} needs ${expected ?? 'it'}`;
    });
}

/** A service whose own key nobody knows is believed by nobody. */
function keyProblems(name: ServiceName, parsed: ParsedPlatform): readonly string[] {
  const { LOG_SIGNING_KEY: seed, LOG_PUBLIC_KEYS: keys } = parsed;
  const isListed =
    !seed || !keys || keys[name].some((key) => isPublicHalf(key, Buffer.from(seed, 'base64')));
  return isListed
    ? []
    : [`LOG_PUBLIC_KEYS: must list the public half of LOG_SIGNING_KEY for ${name}`];
}

function toConfig(
  { name, port: ownPort }: ConfiguredService,
  parsed: ParsedPlatform,
  security: KafkaSecurity,
): PlatformConfig {
  const port = parsed.PORT ?? ownPort;
  const isProduction = parsed.AUTH_MODE === 'oidc';
  const peerDatabaseUrls = parsed.PEER_DATABASE_URLS ?? {};
  const seed = parsed.LOG_SIGNING_KEY ? Buffer.from(parsed.LOG_SIGNING_KEY, 'base64') : null;
  // Outside production nothing but this machine may reach a service that has a development issuer.
  const host = parsed.HOST ?? (isProduction ? '0.0.0.0' : '127.0.0.1');
  return {
    port,
    host,
    management: managementOf(parsed, { port, host }),
    databaseUrl: parsed.DATABASE_URL,
    databasePoolMax: parsed.DATABASE_POOL_MAX ?? 16,
    migration: parsed.MIGRATION_DATABASE_URL === undefined ? null : migrationOf(parsed),
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
    requestHashKey: Buffer.from(parsed.REQUEST_HASH_KEY, 'base64'),
    logLevel: parsed.LOG_LEVEL,
    isProduction,
    rateLimitPerSecond: parsed.RATE_LIMIT_PER_SECOND,
    authFailuresPerSecond: parsed.AUTH_FAILURES_PER_SECOND,
    requestsInFlightMax: parsed.REQUESTS_IN_FLIGHT_MAX,
    requestsInFlightPerCallerMax: parsed.REQUESTS_IN_FLIGHT_PER_CALLER_MAX,
    writeTimeoutMs: parsed.WRITE_TIMEOUT_MS,
    requestTimeoutMs: parsed.REQUEST_TIMEOUT_MS,
    shutdownDeadlineMs: parsed.SHUTDOWN_DEADLINE_MS,
  };
}

function migrationOf(
  parsed: Pick<ParsedPlatform, keyof z.output<typeof migrationSchema>>,
): MigrationConfig {
  return {
    databaseUrl: parsed.MIGRATION_DATABASE_URL ?? '',
    roles: { service: parsed.DATABASE_ROLE ?? '', readers: parsed.DATABASE_READER_ROLES ?? [] },
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
