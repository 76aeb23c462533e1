import { join } from 'node:path';
import { serviceNames } from '@specie/contracts';
import { defaultFirstPort, portOf } from '@specie/local-platform';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from './repository.js';
import { findServiceLists, serviceFolders } from './service-lists.js';

interface Definition {
  readonly name: (typeof serviceNames)[number];
  readonly port: number;
  readonly subjects: readonly {
    readonly name: string;
    readonly attested?: readonly unknown[];
  }[];
}

/** Services are applications that no library may import, so they are loaded by path. */
const definitions = await Promise.all(
  serviceFolders().map(async (name) => {
    const path = join(repositoryRoot, 'services', name, 'src/app.module.ts');
    const module = (await import(path)) as Readonly<Record<string, Definition>>;
    return module[`${name}Service`];
  }),
);
const services = definitions.filter((definition) => definition !== undefined);

describe('The services', () => {
  it('define themselves in app.module.ts, each by the name of its folder', () => {
    expect(services.map(({ name }) => name)).toEqual(serviceFolders());
  });
  it('are those whose events are in contracts, which lists them because types need it', () => {
    expect([...serviceNames].sort()).toEqual(serviceFolders());
  });
  it('state the ports that the local platform gives them', () => {
    const given = services.map(({ name }) => portOf(name, defaultFirstPort));
    expect(services.map(({ port }) => port)).toEqual(given);
  });
  it('are in every file that cannot read the directory', () => {
    expect(findServiceLists(services)).toEqual([]);
  });
  it('answer the audit where they have something to attest, and nowhere else', () => {
    const attesting = services.filter(({ subjects }) => subjects.some(({ attested }) => attested));
    const answering = services.filter(({ subjects }) =>
      subjects.some(({ name }) => name === 'attestation'),
    );
    expect(answering).toEqual(attesting);
  });
});

describe('The lists of services', () => {
  it('are found short of one, or with one too many', () => {
    const withLending = findServiceLists([...services, { name: 'lending', port: 7999 }]);
    expect(new Set(withLending.map(({ path }) => path)).size).toBe(4);
    expect(withLending).toHaveLength(14);
    expect(findServiceLists(services.slice(1))).toEqual([
      { path: 'docker-compose.yml', message: 'audit is no service' },
    ]);
  });
});
