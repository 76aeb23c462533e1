import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { operationOf } from '../http/operation.js';
import { Forbidden } from '../http/problem.js';
import { requestStateOf, type HttpRequest } from '../http/request-state.js';
import type { Access } from './access.js';

/** Lets in whom the route's operation names, and nobody else. A route without an operation lets in nobody. */
export class AccessGuard implements CanActivate {
  private readonly access: Access;

  constructor(access: Access) {
    this.access = access;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const operation = operationOf(context.getHandler());
    if (!operation) {
      throw new Forbidden('route_undeclared');
    }
    const request = context.switchToHttp().getRequest<HttpRequest>();
    await this.access.admit(request, requestStateOf(context), operation);
    return true;
  }
}
