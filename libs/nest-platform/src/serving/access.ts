import type { Socket } from 'node:net';
import type { OperationOptions } from '../http/operation.js';
import { Forbidden, NotFound, Unauthorized } from '../http/problem.js';
import type { RateLimiter } from './rate-limit.js';
import type { HttpRequest, RequestState } from '../http/request-state.js';
import type { Slots } from '../http/slots.js';
import { hasRole, type CallerIdentity } from '../auth/caller.js';
import type { FailedAuthentications } from './failed-authentications.js';
import type { TokenVerifier } from './token-verifier.js';

export interface AccessOptions {
  readonly verifier: TokenVerifier;
  readonly failures: FailedAuthentications;
  readonly limiter: RateLimiter;
  readonly slots: Slots;
  /** Where the connections of operators come in, if they have a port of their own. */
  readonly management: { owns(socket: Socket): boolean } | null;
}

/** Decides who is let in to an operation, through which port, and how much of it at once. */
export class Access {
  private readonly options: AccessOptions;

  constructor(options: AccessOptions) {
    this.options = options;
  }

  /** Lets the request in and notes its caller. @throws Problem 401, 403, 404, 429, or 503 without the issuer's keys */
  async admit(
    request: HttpRequest,
    state: RequestState,
    operation: OperationOptions,
  ): Promise<void> {
    const { limiter, slots } = this.options;
    if (!this.isServedTo(request.socket, operation)) {
      throw new NotFound('route_unknown');
    }
    if (operation.unlimited) {
      return;
    }
    const { roles } = operation;
    if (roles === 'public') {
      const address = addressOf(request);
      limiter.take(address);
      slots.takeOfCaller(address, state.lifetime);
      return;
    }
    const caller = await this.authenticate(request);
    state.caller = caller;
    limiter.take(`party ${caller.partyId}`);
    slots.takeOfCaller(`party ${caller.partyId}`, state.lifetime);
    if (roles !== 'authenticated' && !hasRole(caller, ...roles)) {
      throw new Forbidden('role_missing', {
        detail:
          roles.length === 1
            ? `This needs the role ${roles.join()}.`
            : `This needs one of the roles ${roles.join(', ')}.`,
      });
    }
  }

  private isServedTo(socket: Socket, { port }: OperationOptions): boolean {
    const { management } = this.options;
    const isForOperators = port === 'management';
    return management === null || port === 'both' || management.owns(socket) === isForOperators;
  }

  private async authenticate(request: HttpRequest): Promise<CallerIdentity> {
    try {
      return await this.options.verifier.verify(request.headers.authorization);
    } catch (error) {
      throw error instanceof Unauthorized
        ? this.options.failures.answerTo(error, addressOf(request))
        : error;
    }
  }
}

function addressOf(request: HttpRequest): string {
  return `address ${request.socket.remoteAddress ?? 'unknown'}`;
}
