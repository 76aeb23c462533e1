import { sourceGraph as graph } from './source-graph.js';
import type { Finding } from './tidy.js';

/** The levels that a spec's name tells, such as `.int.spec.ts`; a plain `.spec.ts` is a unit spec. */
const levels = ['int', 'e2e', 'sim', 'arch'] as const;
type SpecLevel = (typeof levels)[number] | 'unit';

/** Selects every spec above the unit level. */
export const aboveUnit = `**/*.{${levels.join(',')}}.spec.ts`;

/** What starts servers and processes. Clients are not listed: they need an address, which is injected. */
const serverModules = new Set([
  'node:child_process',
  'node:cluster',
  'node:http',
  'node:http2',
  'node:https',
  'node:net',
  'node:tls',
  '@nestjs/testing',
  '@specie/local-platform',
  'playwright-core',
  'supertest',
]);

export function levelOf(spec: string): SpecLevel {
  return levels.find((level) => spec.endsWith(`.${level}.spec.ts`)) ?? 'unit';
}

/**
 * Whether one of the specs, or what it uses, injects one of the values. Unit specs do not, which
 * `findImpureSpecs` checks.
 */
export function areInjected(specs: readonly string[], names: readonly string[]): boolean {
  const reached = graph.reachedFrom(specs.filter((spec) => levelOf(spec) !== 'unit'));
  return [...reached].some((path) =>
    names.some((name) => graph.textOf(path).includes(`inject('${name}'`)),
  );
}

/** Unit specs that need a database, a broker or a browser, or that start a server or a process. */
export function findImpureSpecs(files: readonly string[]): readonly Finding[] {
  return files
    .filter((path) => path.endsWith('.spec.ts') && levelOf(path) === 'unit')
    .flatMap((path) => impuritiesOf(path).slice(0, 1))
    .map(({ path, message }) => ({
      path,
      message: `${message}; a plain .spec.ts is pure: name it .int.spec.ts`,
    }));
}

export function impuritiesOf(spec: string): readonly Finding[] {
  const reached = [...graph.reachedFrom([spec])];
  const own = reached.filter((path) => /\.spec\.ts$|\/test\//.test(path));
  return [
    ...reached
      .filter((path) => /\binject\(/.test(graph.textOf(path)))
      .map((path) => `uses what ${path} injects`),
    ...own
      .flatMap((path) => graph.importsOf(path))
      .filter((specifier) => serverModules.has(specifier))
      .map((specifier) => `uses ${specifier}`),
  ].map((message) => ({ path: spec, message }));
}
