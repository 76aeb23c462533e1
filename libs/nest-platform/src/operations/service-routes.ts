import { documentOf, type OpenApiDocument } from '../http/openapi.js';
import { routesOf, type Route } from '../http/routes.js';
import type { ServiceDefinition } from '../definition.js';
import { mergeSubjects } from '../merged-subjects.js';
import { platformControllers } from './platform-controllers.js';

/** The routes of a service's own controllers and of the platform's. */
export function serviceRoutes(
  { subjects }: Pick<ServiceDefinition, 'subjects'>,
  authMode: 'development' | 'oidc',
): readonly Route[] {
  return routesOf([...mergeSubjects(subjects).controllers, ...platformControllers(authMode)]);
}

type DocumentedDefinition = Pick<ServiceDefinition, 'name' | 'port' | 'api' | 'subjects'>;

/** The document of `routes`, which are those of the service. */
export function serviceDocument(
  { name, port, api, subjects }: DocumentedDefinition,
  routes: readonly Route[],
): OpenApiDocument {
  const { tags } = mergeSubjects(subjects);
  return documentOf({ name, port, description: api?.description ?? '', tags }, routes);
}

/** The OpenAPI 3.1 document of a service, from the schemas that validate its requests; needs no database. */
export function openApiOf(
  definition: DocumentedDefinition,
  { authMode = 'development' }: { readonly authMode?: 'development' | 'oidc' } = {},
): OpenApiDocument {
  return serviceDocument(definition, serviceRoutes(definition, authMode));
}
