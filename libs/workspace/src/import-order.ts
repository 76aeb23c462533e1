import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One file and the files of the same folder tree that it imports, types included. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** What the sources in `folder` import of each other, by path within it; specs are left out. */
export function importsIn(folder: string): Imports {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .sort();
  return new Map(
    files.map((path) => {
      const text = readFileSync(join(folder, path), 'utf8');
      const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)\.js'/g)];
      return [path, targets.map(([, target = '']) => `${join(dirname(path), target)}.ts`)];
    }),
  );
}

/** What the folders at the top import of each other; a file that stands beside them counts as a folder. */
export function betweenFolders(imports: Imports): Imports {
  const topOf = (path: string): string => path.split('/')[0] ?? path;
  const folders = new Map<string, Set<string>>();
  for (const [path, targets] of imports) {
    const others = targets.map(topOf).filter((top) => top !== topOf(path));
    folders.set(topOf(path), new Set([...(folders.get(topOf(path)) ?? []), ...others]));
  }
  return new Map([...folders].map(([folder, others]) => [folder, [...others]]));
}

/** Rings of files that import each other: each once, as the path that leads back to its start. */
export function findCircles(imports: Imports): readonly string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const target of imports.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return circles;
}

/**
 * Imports against `order`, a list of layers from the lowest: folders and files that stand beside them. A file may
 * import its own layer and those before it. What no layer names, and a name that nothing has, are findings as well.
 */
export function findBackArrows(
  imports: Imports,
  order: readonly (readonly string[])[],
): readonly string[] {
  const placeOf = (path: string): number =>
    order.findIndex((layer) => layer.includes(path.split('/')[0] ?? path));
  const paths = [...imports.keys()];
  return [
    ...paths.filter((path) => placeOf(path) === -1).map((path) => `${path} has no place`),
    ...order
      .flat()
      .filter((name) => !paths.some((path) => path.split('/')[0] === name))
      .map((name) => `${name} is not there`),
    ...[...imports].flatMap(([path, targets]) =>
      targets
        .filter((target) => placeOf(target) > placeOf(path))
        .map((target) => `${path} -> ${target}`),
    ),
  ];
}

/** The layers that the numbered list under `heading` of a README names in backticks, from the lowest. */
export function layersIn(readme: string, heading: string): readonly (readonly string[])[] {
  const section = readme.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => /^\d+\. /.test(line))
    .map((line) =>
      [...(line.split(':')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) =>
        name.replace(/\/$/, ''),
      ),
    );
}
