import { marker } from './bad-input.js';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export async function sendRequest(
  url: string,
  request: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | Buffer;
  },
): Promise<Reply> {
  let response: Response;
  try {
    response = await fetch(url, { ...request, redirect: 'manual' });
  } catch (error) {
    // A header that fetch itself refuses never reaches a service.
    if (error instanceof TypeError && /ByteString|header value/.test(error.message)) {
      return sendRequest(url, { ...request, headers: latinOnly(request.headers) });
    }
    throw error;
  }
  return { status: response.status, headers: response.headers, text: await response.text() };
}

interface ProblemBody {
  readonly type?: unknown;
  readonly title?: unknown;
  readonly status?: unknown;
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly instance?: unknown;
  readonly violations?: readonly {
    readonly path?: unknown;
    readonly code?: unknown;
    readonly message?: unknown;
  }[];
}

/** Collects what is wrong with answers, so that one run names every fault of an operation. */
export class ProblemChecker {
  readonly failures: string[] = [];

  /** Exactly this status, one of these codes. */
  problem(name: string, reply: Reply, status: number, codes: readonly string[]): void {
    const problem = this.wellFormed(name, reply);
    if (problem && (reply.status !== status || !codes.includes(String(problem.code)))) {
      this.fail(
        name,
        `expected ${status} ${codes.join('/')}, got ${reply.status} ${String(problem.code)}`,
      );
    }
  }

  /** 400 request_invalid with a violation that names `path` or something it is part of. */
  invalid(name: string, reply: Reply, path: string): void {
    const problem = this.wellFormed(name, reply);
    if (!problem) {
      return;
    }
    if (reply.status !== 400 || problem.code !== 'request_invalid') {
      this.fail(name, `expected 400 request_invalid, got ${reply.status} ${String(problem.code)}`);
      return;
    }
    const jargon = (problem.violations ?? []).find(({ message }) =>
      /\/\^|\binvalid\b|\b(int|string|datetime)\b|undefined|another form|<=|>=/i.test(
        String(message),
      ),
    );
    if (jargon) {
      this.fail(name, `says in other than plain words: ${String(jargon.message)}`);
    }
    const paths = (problem.violations ?? []).map((violation) => String(violation.path));
    const isNamed = paths.some(
      (found) => found === path || path.startsWith(`${found}.`) || found.startsWith(`${path}.`),
    );
    if (!isNamed) {
      this.fail(name, `no violation names ${path}, only ${paths.join(', ')}`);
    }
  }

  /** Some refusal with one of these statuses. */
  refused(name: string, reply: Reply, statuses: readonly number[]): void {
    const problem = this.wellFormed(name, reply);
    if (problem && !statuses.includes(reply.status)) {
      this.fail(
        name,
        `expected one of ${statuses.join(', ')}, got ${reply.status} ${String(problem.code)}`,
      );
    }
  }

  /** Done or refused with a problem, but not a fault of the service. */
  answered(name: string, reply: Reply): void {
    if (reply.status >= 500) {
      this.fail(name, `got ${reply.status} ${reply.text.slice(0, 200)}`);
    } else if (reply.status >= 400) {
      this.wellFormed(name, reply);
    }
  }

  /** The example body passed validation; everything said about fields rests on that. */
  shapeIsRight(operationId: string, reply: Reply): void {
    this.answered('the first request', reply);
    if (reply.text.includes('"request_invalid"')) {
      this.fail(
        'the first request',
        `the body made up for ${operationId} is invalid; give one in "bodies": ${reply.text}`,
      );
    }
  }

  same(name: string, first: Reply, second: Reply): void {
    if (first.status !== second.status || contentOf(first) !== contentOf(second)) {
      this.fail(
        name,
        `${first.status} ${first.text.slice(0, 200)} was followed by ${second.status} ${second.text.slice(0, 200)}`,
      );
    }
  }

  private wellFormed(name: string, reply: Reply): ProblemBody | undefined {
    if (reply.status < 400 || reply.status >= 500) {
      this.fail(name, `expected a refusal, got ${reply.status} ${reply.text.slice(0, 200)}`);
      return undefined;
    }
    if (!(reply.headers.get('content-type') ?? '').startsWith('application/problem+json')) {
      this.fail(name, `answered with ${reply.headers.get('content-type') ?? 'no media type'}`);
      return undefined;
    }
    const problem = JSON.parse(reply.text) as ProblemBody;
    const { type, title, status, code, detail, instance } = problem;
    const isComplete =
      type === `urn:specie:problem:${String(code)}` &&
      typeof title === 'string' &&
      typeof detail === 'string' &&
      status === reply.status &&
      /^[a-z][a-z0-9_]*$/.test(String(code)) &&
      instance === `urn:uuid:${reply.headers.get('x-correlation-id') ?? ''}`;
    if (!isComplete) {
      this.fail(name, `is not a complete problem: ${reply.text.slice(0, 300)}`);
    }
    if (reply.text.includes(marker) || /node_modules|\.ts:\d|\.js:\d|at \w+ \(/.test(reply.text)) {
      this.fail(name, `repeats what was sent or shows the inside: ${reply.text.slice(0, 300)}`);
    }
    return problem;
  }

  private fail(name: string, what: string): void {
    this.failures.push(`${name}: ${what}`);
  }
}

/** What an answer says: without the id of the request, and whatever the order of its fields. */
function contentOf({ text }: Reply): string {
  return JSON.stringify(text === '' ? null : JSON.parse(text), (name, value: unknown) => {
    if (name === 'instance') {
      return undefined;
    }
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  });
}

function latinOnly(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace(/[^\x20-\xff]/g, '?')]),
  );
}
