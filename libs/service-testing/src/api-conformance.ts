import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  mergeSubjects,
  openApiOf,
  platformRefusals,
  refusalText,
  type RefusalTexts,
  type ServiceApp,
  type ServiceDefinition,
} from '@specie/nest-platform';
import { unexplained, wrongExamples } from './documentation.js';
import { SchemaReader, type JsonSchema } from './json-schema.js';
import { OperationSuite, targetOf, type ApiConformanceOptions } from './operation-suite.js';

/** One check of one operation; it rejects where the operation does not keep to what is declared. */
export interface ConformanceCheck {
  readonly operation: string;
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/**
 * F6: for every operation of the OpenAPI document, bad input of every kind gets the right 4xx problem with a code, and
 * leaves log and read models as they were. A new route is covered by being there.
 */
export function describeApiConformance(
  definition: ServiceDefinition,
  options: ApiConformanceOptions & {
    /** Starts the service on an empty database; called once. */
    readonly start: () => Promise<ServiceApp>;
    /** Closes whatever `start` opened besides the service. */
    readonly cleanUp?: () => Promise<void>;
    /** Brings the service into a state worth protecting, such as a party and an account. */
    readonly prepare?: (service: ServiceApp) => Promise<void>;
  },
): void {
  describe(`API of ${definition.name}`, () => {
    let service: ServiceApp | undefined;
    beforeAll(async () => {
      service = await options.start();
      await service.writing();
      await options.prepare?.(service);
    });
    afterAll(async () => {
      await service?.close();
      await options.cleanUp?.();
    });
    const running = (): ServiceApp => {
      if (!service) {
        throw new Error('the service did not start');
      }
      return service;
    };
    it('has exceptions for operations that exist only', () => {
      const ids = Object.values(openApiOf(definition).paths).flatMap((operations) =>
        Object.values(operations).map(({ operationId }) => operationId),
      );
      const { bodies = {}, params = {}, unknownIdIsFine = {} } = options;
      const named = [bodies, params, unknownIdIsFine].flatMap((exceptions) =>
        Object.keys(exceptions),
      );
      expect(named.filter((id) => !ids.includes(id))).toEqual([]);
    });
    it('explains every operation, parameter, field and tag', () => {
      expect(unexplained(openApiOf(definition))).toEqual([]);
    });
    it('has an example that fits for every parameter and body', () => {
      expect(wrongExamples(definition)).toEqual([]);
    });
    it('says of every refusal how to pass', () => {
      expect(refusalsWithoutText(definition)).toEqual([]);
    });
    for (const { operation, name, run } of conformanceChecks(definition, running, options)) {
      it(`${operation} ${name}`, run);
    }
  });
}

/** Codes of the OpenAPI document without a sentence that always stands, or with one that says no more than the code. */
export function refusalsWithoutText(definition: ServiceDefinition): readonly string[] {
  const texts: RefusalTexts = {
    ...platformRefusals,
    ...mergeSubjects(definition.subjects).refusals,
  };
  const codes = Object.values(openApiOf(definition).paths)
    .flatMap((operations) => Object.values(operations))
    .flatMap(({ responses }) => Object.values(responses))
    .flatMap((response) => (response['x-specie-codes'] ?? []) as readonly string[]);
  return [...new Set(codes)].filter((code) => {
    const { detail = '' } = refusalText(texts[code] ?? [], {});
    return detail.split(' ').length < 5 || !/^[A-Z].*\.$/.test(detail);
  });
}

/** The checks of every operation of the service. */
export function conformanceChecks(
  definition: ServiceDefinition,
  service: () => ServiceApp,
  options: ApiConformanceOptions,
): readonly ConformanceCheck[] {
  const document = openApiOf(definition);
  const { schemas = {} } = document.components as {
    readonly schemas?: Readonly<Record<string, JsonSchema>>;
  };
  const reader = new SchemaReader(schemas);
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) => {
      const target = targetOf(path, method, operation);
      const suite = new OperationSuite({ target, reader, options, service });
      return suite
        .checks()
        .map(([name, run]) => ({ operation: `${target.method} ${path}`, name, run }));
    }),
  );
}
