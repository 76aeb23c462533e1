import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectFolders, repositoryRoot } from './repository.js';

/**
 * Writes `docs/openapi/<service>.json` from the service definitions. Services are applications that no
 * library may import, so their build output is loaded by path.
 */
export async function writeApiDocs(): Promise<void> {
  const folder = join(repositoryRoot, 'docs/openapi');
  mkdirSync(folder, { recursive: true });
  const { openApiOf } = (await load('libs/nest-platform/dist/index.js')) as {
    openApiOf: (definition: unknown) => unknown;
  };
  for (const project of projectFolders().filter((name) => name.startsWith('services/'))) {
    const service = project.slice('services/'.length);
    const module = (await load(`${project}/dist/app.module.js`)) as Readonly<
      Record<string, unknown>
    >;
    const definition = module[`${service}Service`];
    if (definition === undefined)
      throw new Error(`${project}/src/app.module.ts exports no ${service}Service`);
    writeFileSync(
      join(folder, `${service}.json`),
      `${JSON.stringify(openApiOf(definition), null, 2)}\n`,
    );
  }
}

function load(path: string): Promise<unknown> {
  return import(pathToFileURL(join(repositoryRoot, path)).href);
}
