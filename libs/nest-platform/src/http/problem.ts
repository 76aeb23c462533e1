import type { Violation, ViolationDetails, Violations } from '@specie/event-sourcing';

/** One thing that is wrong with a request: where, and what to fix. Never what was sent. */
export interface FieldViolation {
  /** Path of the field, for example `body.quantity` or `query.limit`. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** Lists the violated rules of a refusal one by one. */
export type ViolationLister = (violated: Violations) => readonly FieldViolation[];

export interface ProblemOptions {
  /** Sentences for the developer who calls, in place of those that stand for the code; never user input or personal data. */
  readonly detail?: string;
  /** Fills the sentences that stand for the code. */
  readonly details?: ViolationDetails | undefined;
  /** Further rules that are violated as well as the one that the code names. */
  readonly alsoViolated?: readonly Violation[];
  readonly violations?: readonly FieldViolation[];
  readonly headers?: Readonly<Record<string, string>>;
  /** The refusal was stored before; the answer carries `Idempotency-Hit: true`. */
  readonly repeated?: boolean;
}

/** An error the client is told about, rendered as RFC 9457 `application/problem+json` by one filter. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string | undefined;
  readonly details: ViolationDetails;
  readonly alsoViolated: readonly Violation[];
  readonly violations: readonly FieldViolation[];
  readonly headers: Readonly<Record<string, string>>;
  readonly repeated: boolean;

  constructor(status: number, code: string, options: ProblemOptions = {}) {
    super(`${status} ${code}`);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.detail = options.detail;
    this.details = options.details ?? {};
    this.alsoViolated = options.alsoViolated ?? [];
    this.violations = options.violations ?? [];
    this.headers = options.headers ?? {};
    this.repeated = options.repeated ?? false;
  }
}

export class BadRequest extends Problem {
  constructor(
    code: string,
    violations: readonly FieldViolation[] = [],
    options: ProblemOptions = {},
  ) {
    super(400, code, { ...options, violations });
  }
}

export class Unauthorized extends Problem {
  constructor(code: 'token_missing' | 'token_invalid' | 'token_expired') {
    super(401, code, { headers: { 'WWW-Authenticate': 'Bearer' } });
  }
}

export class Forbidden extends Problem {
  constructor(code: string, options: ProblemOptions = {}) {
    super(403, code, options);
  }
}

export class NotFound extends Problem {
  constructor(code: string, options: ProblemOptions = {}) {
    super(404, code, options);
  }
}

export class Conflict extends Problem {
  constructor(code: string, options: ProblemOptions = {}) {
    super(409, code, options);
  }
}

export class Unprocessable extends Problem {
  constructor(code: string, options: ProblemOptions = {}) {
    super(422, code, options);
  }
}

/** Try again later; nothing was changed. */
export class Unavailable extends Problem {
  constructor(code: string, retryAfterSeconds = 1) {
    super(503, code, { headers: { 'Retry-After': String(retryAfterSeconds) } });
  }
}

/** The code in words. */
export function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
