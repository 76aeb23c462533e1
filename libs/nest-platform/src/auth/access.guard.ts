import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Forbidden } from '../http/problem.js';
import { operationOf } from '../http/operation.js';
import { requestStateOf, type HttpRequest } from '../http/request-state.js';
import type { RateLimiter } from '../http/rate-limit.js';
import { hasRole } from './caller.js';
import type { TokenVerifier } from './token-verifier.js';

/** Lets in whom the route's operation names, and nobody else. A route without an operation lets in nobody. */
export class AccessGuard implements CanActivate {
  private readonly verifier: TokenVerifier;
  private readonly limiter: RateLimiter;

  constructor(verifier: TokenVerifier, limiter: RateLimiter) {
    this.verifier = verifier;
    this.limiter = limiter;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const operation = operationOf(context.getHandler());
    if (!operation) {
      throw new Forbidden('route_undeclared');
    }
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const state = requestStateOf(context);
    if (operation.roles === 'public') {
      this.limiter.take(`address ${request.socket.remoteAddress ?? 'unknown'}`);
      return true;
    }
    const caller = await this.verifier.verify(request.headers.authorization);
    state.caller = caller;
    this.limiter.take(`party ${caller.partyId}`);
    if (operation.roles !== 'authenticated' && !hasRole(caller, ...operation.roles)) {
      throw new Forbidden('role_missing', {
        detail: `This needs one of the roles ${operation.roles.join(', ')}.`,
      });
    }
    return true;
  }
}
