import { isDevelopmentSecret } from './development-secrets.js';
import { isDevelopmentPublicKey } from './signing-key.js';

/** Environment variables that are set and not empty. */
export type Settings = Readonly<Record<string, string>>;

/** Every start is one of production unless it asks for development, and says nowhere that it is production. */
export function isProductionStart(settings: Settings): boolean {
  return settings['AUTH_MODE'] !== 'development' || /^prod/i.test(settings['NODE_ENV'] ?? '');
}

/** What production refuses of the platform's settings: a line for each variable, never its value. */
export function weakSettings(settings: Settings): readonly string[] {
  const url = settings['DATABASE_URL'];
  return [
    ...(settings['AUTH_MODE'] === 'development'
      ? ['AUTH_MODE: must be "oidc" in production; the development issuer lets anybody in']
      : []),
    ...(isPlainHttp(settings['AUTH_JWKS_URL'])
      ? ['AUTH_JWKS_URL: must be https; whoever answers in its place can issue tokens']
      : []),
    ...(url === undefined ? [] : weakDatabaseUrl('DATABASE_URL', url)),
    ...weakPeers(settings['PEER_DATABASE_URLS'], userOf(url)),
    ...(settings['MIGRATION_DATABASE_URL'] === undefined
      ? []
      : [
          'MIGRATION_DATABASE_URL: only for the command "migrate"; a running service must not hold it',
        ]),
    ...weakSecret('LOG_SIGNING_KEY', settings),
    ...weakPublicKeys(settings['LOG_PUBLIC_KEYS']),
    ...weakSecret('REQUEST_HASH_KEY', settings),
    ...weakKafka(settings),
    ...(Number(settings['RATE_LIMIT_PER_SECOND'] ?? 1) === 0
      ? ['RATE_LIMIT_PER_SECOND: must not be 0; one caller could take everything']
      : []),
    ...(Number(settings['AUTH_FAILURES_PER_SECOND'] ?? 1) === 0
      ? ['AUTH_FAILURES_PER_SECOND: must not be 0; tokens could be tried at any rate']
      : []),
  ];
}

/** A secret that is missing or is the one that everybody knows from development. */
export function weakSecret(variable: string, settings: Settings): readonly string[] {
  const secret = settings[variable];
  if (secret === undefined) {
    return [`${variable}: missing; expected 32 bytes in base64`];
  }
  return isDevelopmentSecret(secret)
    ? [`${variable}: must not be the key of development, which everybody knows`]
    : [];
}

/** A connection that others can read or change, or that takes anybody for the role. */
export function weakDatabaseUrl(label: string, text: string): readonly string[] {
  const url = parsedUrl(text);
  if (url === null) {
    return [`${label}: is not a URL`];
  }
  const modes = url.searchParams.getAll('sslmode');
  const isVerified = modes.length > 0 && modes.every((mode) => mode === 'verify-full');
  const isIdentified = url.password !== '' || url.searchParams.has('sslcert');
  return [
    ...(isVerified
      ? []
      : [`${label}: must say sslmode=verify-full; the connection is not encrypted and verified`]),
    ...(isIdentified ? [] : [`${label}: must have a password or a client certificate (sslcert)`]),
  ];
}

function weakPeers(text: string | undefined, user: string | undefined): readonly string[] {
  return Object.entries(parsedOr(text)).flatMap(([service, url]) => {
    if (typeof url !== 'string') {
      return [];
    }
    const label = `PEER_DATABASE_URLS: the URL of ${service}`;
    return [
      ...weakDatabaseUrl(label, url),
      ...(userOf(url) === user
        ? [`${label} must name a role that only reads, not the one of DATABASE_URL`]
        : []),
    ];
  });
}

function weakPublicKeys(text: string | undefined): readonly string[] {
  if (text === undefined) {
    return ['LOG_PUBLIC_KEYS: missing; expected the public keys of every service'];
  }
  return Object.entries(parsedOr(text)).flatMap(([service, keys]) =>
    Array.isArray(keys) && keys.some((key) => isDevelopmentPublicKey(String(key)))
      ? [`LOG_PUBLIC_KEYS: must not list the development key of ${service}; anybody can sign by it`]
      : [],
  );
}

function weakKafka(settings: Settings): readonly string[] {
  if (settings['EVENT_TRANSPORT'] !== 'kafka') {
    return [];
  }
  const isIdentified =
    settings['KAFKA_SASL_MECHANISM'] !== undefined || settings['KAFKA_SSL_CERT_FILE'] !== undefined;
  return [
    ...(settings['KAFKA_SSL'] === 'true'
      ? []
      : ['KAFKA_SSL: must be "true"; the connection to the brokers is not encrypted and verified']),
    ...(isIdentified
      ? []
      : ['KAFKA_SASL_MECHANISM: missing; say who the service is, by it or by KAFKA_SSL_CERT_FILE']),
  ];
}

/** What is not an object of that form is named by the schema of the settings. */
function parsedOr(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isPlainHttp(text: string | undefined): boolean {
  return text !== undefined && parsedUrl(text)?.protocol !== 'https:';
}

function userOf(text: string | undefined): string | undefined {
  return parsedUrl(text ?? '')?.username;
}

function parsedUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
