import { RequestMethod, type Type } from '@nestjs/common';
import { z } from 'zod';
import { operationOf, type OperationOptions } from './operation.js';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A route of a controller with everything that is declared about it. */
export interface Route {
  readonly method: HttpMethod;
  /** `/accounts/:accountId/transfers` */
  readonly path: string;
  readonly operation: OperationOptions;
  readonly controller: string;
  readonly handler: string;
  readonly handlerFunction: object;
}

// The metadata keys of Nest's own routing decorators; they are part of what @Get() and @Controller() write.
const pathKey = 'path';
const methodKey = 'method';
const statusKey = '__httpCode__';

const methods = new Map<RequestMethod, HttpMethod>([
  [RequestMethod.GET, 'GET'],
  [RequestMethod.POST, 'POST'],
  [RequestMethod.PUT, 'PUT'],
  [RequestMethod.PATCH, 'PATCH'],
  [RequestMethod.DELETE, 'DELETE'],
]);

/**
 * The routes of `controllers`.
 *
 * @throws if a route has no `@Operation`, or its declaration does not fit its path: a route that nobody decided who may
 * call must not start.
 */
export function routesOf(controllers: readonly Type[]): readonly Route[] {
  const routes = controllers.flatMap(routesOfController);
  const seen = new Set<string>();
  for (const route of routes) {
    const key = `${route.method} ${route.path.replace(/:\w+/g, ':')}`;
    if (seen.has(key)) {
      throw new Error(`${describeRoute(route)} is declared twice`);
    }
    seen.add(key);
  }
  return routes;
}

/** `/accounts/{accountId}/transfers`, as OpenAPI writes it. */
export function pathTemplate(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

/** Status of success of a route. */
export function successStatus(route: Pick<Route, 'method' | 'operation'>): number {
  const { status, response, produces } = route.operation;
  return status ?? (response || produces ? (route.method === 'POST' ? 201 : 200) : 204);
}

/** Whether a route changes something and therefore takes an Idempotency-Key. */
export function isIdempotent(route: Pick<Route, 'method' | 'operation'>): boolean {
  return route.operation.idempotent ?? isWrite(route.method);
}

export function isWrite(method: string | undefined): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

function routesOfController(controller: Type): Route[] {
  const base = Reflect.getMetadata(pathKey, controller) as unknown;
  const prototype = controller.prototype as Readonly<Record<string, unknown>>;
  const routes: Route[] = [];
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const handler = Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown;
    if (typeof handler !== 'function') {
      continue;
    }
    const requestMethod = Reflect.getMetadata(methodKey, handler) as RequestMethod | undefined;
    if (requestMethod === undefined) {
      continue;
    }
    const method = methods.get(requestMethod);
    const own = Reflect.getMetadata(pathKey, handler) as unknown;
    const operation = operationOf(handler);
    const place = `${controller.name}.${name}`;
    if (method === undefined || typeof base !== 'string' || typeof own !== 'string') {
      throw new Error(
        `${place}: use @Controller('path') and one of @Get, @Post, @Put, @Patch, @Delete with one path`,
      );
    }
    if (!operation) {
      throw new Error(`${place}: the route has no @Operation, so nobody decided who may call it`);
    }
    const route = {
      method,
      path: joinPath(base, own),
      operation,
      controller: controller.name,
      handler: name,
      handlerFunction: handler,
    };
    checkParams(route);
    // Nest reads the status of success from here; the operation is the one place where it is declared.
    Reflect.defineMetadata(statusKey, successStatus(route), handler);
    routes.push(route);
  }
  return routes;
}

function checkParams(route: Route): void {
  const inPath = [...route.path.matchAll(/:(\w+)/g)]
    .map((match) => match[1] ?? '')
    .sort(compareText);
  const schema = route.operation.params;
  const declared = schema instanceof z.ZodObject ? Object.keys(schema.shape).sort(compareText) : [];
  if (inPath.join() !== declared.join()) {
    throw new Error(
      `${describeRoute(route)}: the path has the parameters [${inPath.join()}], its @Operation [${declared.join()}]`,
    );
  }
}

function describeRoute(route: Route): string {
  return `${route.method} ${route.path} (${route.controller}.${route.handler})`;
}

function joinPath(...parts: readonly string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;
}

/** Finds routes by what a client asked for. */
export class RouteTable {
  private readonly entries: readonly { readonly route: Route; readonly pattern: RegExp }[];

  constructor(readonly routes: readonly Route[]) {
    this.entries = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  }

  /** The methods that `path` has; empty if there is no such path. */
  methodsOf(path: string): readonly HttpMethod[] {
    return [
      ...new Set(
        this.entries.filter(({ pattern }) => pattern.test(path)).map(({ route }) => route.method),
      ),
    ];
  }

  match(method: string | undefined, path: string): Route | undefined {
    const found = this.entries.filter(
      ({ route, pattern }) => route.method === method && pattern.test(path),
    );
    // A literal segment goes before a parameter, as in Nest's own order ("specificity").
    return found.sort((a, b) => parameterCount(a.route) - parameterCount(b.route))[0]?.route;
  }
}

function parameterCount(route: Route): number {
  return route.path.split(':').length;
}

function patternOf(path: string): RegExp {
  const source = path
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${source}/?$`, 'i');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
