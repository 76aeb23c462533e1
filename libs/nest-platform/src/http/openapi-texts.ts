import { roleMeanings, type Role } from '../auth/caller.js';
import type { Json } from './openapi-schema.js';
import type { OperationOptions } from './operation.js';
import { titleOf } from './problem.js';

/** What the API document says of the service as a whole. */
export interface ApiText {
  /** What the service is for and where a newcomer begins. */
  readonly description: string;
  /** By tag, which is the name of a controller without its suffix: what its operations are about. */
  readonly tags: Readonly<Record<string, string>>;
}

const conventions = `Quantities are decimal strings, instants are UTC. Every \`POST\`, \`PUT\`, \`PATCH\` and \`DELETE\` needs an
\`Idempotency-Key\`; repeat a request safely with the same key. Errors are RFC 9457 problems with a \`code\`; \`violations\`
name each wrong field.`;

/** The introduction of the document: the purpose of the service, rules for every request, roles. */
export function descriptionOf(ofService: string, rolesNamed: readonly Role[]): string {
  const roleLines = rolesNamed.map((role) => `- \`${role}\`: ${roleMeanings[role]}`);
  return [ofService, conventions.replaceAll('\n', ' '), `Roles:\n${roleLines.join('\n')}`]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The roles that may call, in words: Swagger UI shows no extensions. */
export function accessText(roles: OperationOptions['roles']): string {
  if (roles === 'public') return 'Needs no token.';
  if (roles === 'authenticated') return 'Needs a token of any role.';
  const names = roles.map((role) => `\`${role}\``);
  return names.length === 1
    ? `Needs a token with the role ${names.join()}.`
    : `Needs a token with one of the roles ${names.join(', ')}.`;
}

export function serversOf(port: number): readonly Json[] {
  return [
    { url: '/', description: 'The service that serves this document.' },
    {
      url: `http://localhost:${port}`,
      description: 'The service as started by `npm start` or docker compose.',
    },
  ];
}

/** Tags of the routes that every service has. */
export const platformTags: Readonly<Record<string, string>> = {
  health: 'Liveness and readiness of the instance.',
  metrics: 'Metrics for Prometheus.',
  parkedStreams:
    'Events of other services that this one could not handle. Operators inspect and resume them; two operators can discard one.',
  developmentTokens: 'The built-in token issuer, only with AUTH_MODE=development.',
};

const successTexts: Readonly<Record<number, string>> = {
  200: 'The request succeeded.',
  201: 'Created. A repeat with the same Idempotency-Key gets the same answer.',
  202: 'Accepted and stored; processing completes later. Read the resource again to see its status.',
  204: 'The request succeeded.',
};

export function successText(status: number): string {
  return successTexts[status] ?? 'The request succeeded.';
}

export const problemSchema = {
  type: 'object',
  description: 'An error, as RFC 9457 problem+json.',
  required: ['type', 'title', 'status', 'code', 'instance'],
  properties: {
    type: text(
      'The kind of problem: urn:specie:problem:<code>.',
      'urn:specie:problem:rate_limited',
    ),
    title: text('The code in words.', 'Rate limited'),
    status: { type: 'integer', description: 'The HTTP status.', examples: [429] },
    code: {
      ...text('A machine-readable code.', 'rate_limited'),
      pattern: '^[a-z][a-z0-9_]*$',
    },
    detail: text('What to do about it.', 'Send at most 2000 requests per second.'),
    instance: text(
      'The correlation id of the request, to quote when asking for help.',
      'urn:uuid:0192d1a0-7b5e-7c3d-8e4f-0000000000ff',
    ),
    details: {
      type: 'object',
      description: 'What a refusal rests on, by name: the numbers that `detail` tells in words.',
      additionalProperties: { type: ['string', 'number'] },
      examples: [{ needed: '20.040000', available: '12.500000' }],
    },
    violations: {
      type: 'array',
      description: 'Each field that is wrong.',
      items: {
        type: 'object',
        required: ['path', 'code', 'message'],
        properties: {
          path: text('The field.', 'body.quantity'),
          code: text('The rule that the field breaks.', 'invalid_format'),
          message: text('What is expected.', 'Expected text. Example: "12.500000".'),
        },
      },
    },
  },
};

/** The problem with this code as clients receive it. */
export function problemExample(status: number, code: string): Json {
  return {
    type: `urn:specie:problem:${code}`,
    title: titleOf(code),
    status,
    code,
    instance: 'urn:uuid:0192d1a0-7b5e-7c3d-8e4f-0000000000ff',
  };
}

function text(description: string, example: string): Json {
  return { type: 'string', description, examples: [example] };
}
