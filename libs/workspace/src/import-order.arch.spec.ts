import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  betweenFolders,
  findBackArrows,
  findCircles,
  importsIn,
  layersIn,
} from './import-order.js';
import { projectFolders, repositoryRoot } from './repository.js';

describe('nest-platform', () => {
  const platform = join(repositoryRoot, 'libs/nest-platform');
  const imports = importsIn(join(platform, 'src'));
  const readme = readFileSync(join(platform, 'README.md'), 'utf8');

  it('has no circle', () => {
    expect(imports.size).toBeGreaterThan(50);
    expect(findCircles(imports)).toEqual([]);
  });
  it('keeps to the order of the folders in its README', () => {
    expect(findBackArrows(imports, layersIn(readme, 'Order of the folders'))).toEqual([]);
  });
});

describe('The folders of a project', () => {
  it.each(projectFolders())('import each other one way only: %s', (project) => {
    const imports = importsIn(join(repositoryRoot, project, 'src'));
    expect(imports.size).toBeGreaterThan(0);
    expect(findCircles(betweenFolders(imports))).toEqual([]);
  });

  it('are seen to import each other where no two files do', () => {
    const imports = new Map([
      ['app.module.ts', ['order/order.subject.ts']],
      ['order/order.subject.ts', ['order/order.query.ts']],
      ['order/order.query.ts', ['trade/trade.query.ts']],
      ['trade/trade.query.ts', ['book/book.query.ts']],
      ['book/book.dto.ts', ['order/order.dto.ts']],
    ]);
    expect(findCircles(imports)).toEqual([]);
    expect(findCircles(betweenFolders(imports))).toEqual(['order -> trade -> book -> order']);
  });
});

describe('The order of imports', () => {
  const folder = mkdtempSync(join(tmpdir(), 'specie-imports-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const files = {
    'clock.ts': '',
    'http/route.ts': "import type { Caller } from '../auth/caller.js';\n",
    'http/slots.ts': "import { now } from '../clock.js';\n",
    'auth/caller.ts': "export * from '../http/route.js';\n",
    'auth/caller.spec.ts': "import { route } from '../http/slots.js';\n",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const imports = importsIn(folder);
  const readme = '# x\n\n## Order\n\n1. `clock.ts`: alone\n2. `auth/`: who\n3. `http/`\n';

  it('is seen where it is broken', () => {
    expect(findCircles(imports)).toEqual(['auth/caller.ts -> http/route.ts -> auth/caller.ts']);
    expect(findBackArrows(imports, layersIn(readme, 'Order'))).toEqual([
      'auth/caller.ts -> http/route.ts',
    ]);
  });
  it('names all there is and nothing else', () => {
    expect(findBackArrows(imports, [['clock.ts', 'gone'], ['auth']])).toContain(
      'http/route.ts has no place',
    );
    expect(findBackArrows(imports, [['clock.ts', 'gone'], ['auth']])).toContain(
      'gone is not there',
    );
  });
});
