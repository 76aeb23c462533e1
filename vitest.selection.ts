import { relative } from 'node:path';
import type { ProvidedContext } from 'vitest';
import type { TestProject } from 'vitest/node';
import { repositoryRoot } from './libs/workspace/src/repository.js';
import { areInjected } from './libs/workspace/src/spec-level.js';

/** Whether a spec of this run asks for one of the values; a server that no spec asks for is not started. */
export function isAskedFor(
  project: TestProject,
  ...names: readonly (keyof ProvidedContext)[]
): boolean {
  const specs = project.vitest.state.getPaths().map((path) => relative(repositoryRoot, path));
  return areInjected(specs, names);
}
