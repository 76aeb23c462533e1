import { basename, join } from 'node:path';
import { readFileSync } from 'node:fs';
import { repositoryRoot } from './repository.js';
import { sourceGraph as graph } from './source-graph.js';
import type { Finding } from './tidy.js';

/** Why something that no production code uses stays: by path, or by path and name (`path#name`). */
export type KeptList = Readonly<Record<string, string>>;

interface DeadFinding extends Finding {
  /** The exported name; absent where the whole file is dead. */
  readonly name?: string;
}

const keptListFile = 'libs/workspace/src/kept-list.ts';
const isSource = (path: string): boolean => /^(libs|services)\/.*\.ts$/.test(path);
/** Specs of the architecture are checks of the code: what they use is no test support. */
const isTestSupport = (path: string): boolean =>
  !path.endsWith('.arch.spec.ts') &&
  /\.spec\.ts$|\/test\/|^libs\/(service-)?testing\/|(^|\/)vitest\.[a-z.]+\.ts$/.test(path);

/** Source files that only specs and their support reach, or nobody. */
export function findDeadFiles(files: readonly string[], kept: KeptList): readonly DeadFinding[] {
  const sources = files.filter(isSource);
  const used = graph.reachedFrom(sources.filter(isEntry(files)));
  const tested = graph.reachedFrom(
    sources.filter((path) => /\.spec\.ts$|\.config\.ts$/.test(path)),
  );
  return sources
    .filter((path) => basename(path) !== 'index.ts' && !(path in kept))
    .filter((path) => !used.has(path) && !(isTestSupport(path) && tested.has(path)))
    .map((path) => ({
      path,
      message: tested.has(path)
        ? 'only specs use it: delete it with them, or move it to the test support'
        : 'nothing imports it; delete it',
    }));
}

/** What is started rather than imported: services, commands, what a script or an image names, package entries. */
function isEntry(files: readonly string[]): (path: string) => boolean {
  const starters = files
    .filter((path) => /\.(json|mjs|yml|sh)$|Dockerfile$|^\.ci\/|^[^/]+\.ts$/.test(path))
    .filter((path) => path !== 'package-lock.json')
    .map((path) => readFileSync(join(repositoryRoot, path), 'utf8'))
    .join('\n');
  const named = new Set(
    [...starters.matchAll(/([\w/.-]+)\.(?:js|ts)\b/g)].map(([, path = '']) => path),
  );
  return (path) => {
    if (isTestSupport(path) || basename(path) === 'index.ts') return false;
    const [parent, project, , ...rest] = path.replace(/\.ts$/, '').split('/');
    const inside = rest.join('/');
    return (
      /\/src\/(main|start|app\.module)\.ts$|\.arch\.spec\.ts$/.test(path) ||
      [
        `${parent}/${project}/dist/${inside}`,
        `./${parent}/${project}/src/${inside}`,
        `./src/${inside}`,
      ].some((name) => named.has(name))
    );
  };
}

/** Exported names that no production code mentions, their own file included. */
export function findDeadExports(files: readonly string[], kept: KeptList): readonly DeadFinding[] {
  const sources = files.filter((path) => isSource(path) && !isTestSupport(path));
  const others = files.filter((path) => /^[^/]+\.(ts|mjs)$/.test(path));
  const mentions = new Map<string, number>();
  for (const path of [...sources.filter((source) => source !== keptListFile), ...others]) {
    for (const [word] of codeOf(graph.textOf(path)).matchAll(/[\w$]+/g))
      mentions.set(word, (mentions.get(word) ?? 0) + 1);
  }
  return sources.flatMap((path) =>
    graph
      .exportsOf(path)
      .filter((name) => mentions.get(name) === 1 && !(`${path}#${name}` in kept))
      // The registry lists every event of every service.
      .filter((name) => !graph.textOf(path).includes(`export const ${name} = defineEvent(`))
      .map((name) => ({
        path,
        name,
        message: `nothing but specs mentions ${name}; delete it, or move it to the test support`,
      })),
  );
}

/** Entries of the list that nothing needs any more. */
export function findStaleKept(files: readonly string[], kept: KeptList): readonly Finding[] {
  const dead = [...findDeadFiles(files, {}), ...findDeadExports(files, {})];
  return Object.keys(kept)
    .filter((entry) => !dead.some(({ path, name }) => entry === (name ? `${path}#${name}` : path)))
    .map((path) => ({ path, message: 'is used now, or gone; take it off the list' }));
}

/** Without comments, and without re-exports, which use nothing. */
function codeOf(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/^export (?:type )?\{[^}]*\} from .*$/gm, '');
}
