import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

/** A folder imports only from those before it; `store.ts` and `index.ts` from all. */
const folders = [
  'connection',
  'record',
  'schema',
  'read',
  'replay',
  'snapshots',
  'append',
  'leases',
];

it('Folders depend on each other in one direction', () => {
  const files = globSync('*/*.ts', { cwd: import.meta.dirname });
  const arrows = files.flatMap((file) =>
    [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/from '(\.[^']+)'/g)].map(
      ([, path = '']) => [dirname(file), dirname(join(dirname(file), path))],
    ),
  );
  expect(new Set(arrows.flat())).toEqual(new Set(folders));
  const backArrows = arrows.filter(
    ([from = '', to = '']) => folders.indexOf(from) < folders.indexOf(to),
  );
  expect(backArrows).toEqual([]);
});
