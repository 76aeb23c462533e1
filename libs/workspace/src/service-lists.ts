import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolders, repositoryRoot } from './repository.js';
import type { Finding } from './tidy.js';

export interface NamedPort {
  readonly name: string;
  readonly port: number;
}

/** The services, which are the folders in `services`. */
export function serviceFolders(): readonly string[] {
  return projectFolders()
    .filter((folder) => folder.startsWith('services/'))
    .map((folder) => folder.slice('services/'.length));
}

/** What a file that cannot read the directory says of each service. */
const mentions: Readonly<Record<string, (service: NamedPort) => readonly (string | RegExp)[]>> = {
  'docker-compose.yml': ({ name, port }) => [
    `\n  ${name}:\n`,
    `SERVICE: ${name}\n`,
    `PORT: '${port}'`,
    `ports: ['127.0.0.1:${port}:${port}']`,
    `ADVERTISED_URL: http://${name}:${port}\n`,
    `"${name}":"http://localhost:${port}"`,
    `"${name}":"postgresql://specie_reader:specie@postgres:5432/specie_${name}"`,
    new RegExp(`for service in [a-z ]*\\b${name}\\b`),
  ],
  'infra/postgres/create-databases.sql': ({ name }) => [
    `create role specie_${name} `,
    `create database specie_${name} `,
  ],
  'infra/docker/Dockerfile': ({ name, port }) => [
    new RegExp(`EXPOSE [0-9 ]*\\b${port}\\b`),
    new RegExp(`EXPOSE [0-9 ]*\\b${port + 1_000}\\b`),
    new RegExp(`set SERVICE to [a-z ,]*\\b${name}\\b`),
  ],
  'tsconfig.json': ({ name }) => [`"./services/${name}"`],
};

/** Services that a file lacks, and those of the compose file that have no folder. */
export function findServiceLists(services: readonly NamedPort[]): readonly Finding[] {
  const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
  const missing = Object.entries(mentions).flatMap(([path, mentionsOf]) => {
    const text = read(path);
    return services.flatMap((service) =>
      mentionsOf(service)
        .filter((wanted) =>
          typeof wanted === 'string' ? !text.includes(wanted) : !wanted.test(text),
        )
        .map((wanted) => ({ path, message: `lacks ${String(wanted).trim()}` })),
    );
  });
  const composed = [...read('docker-compose.yml').matchAll(/SERVICE: (\w+)\n/g)];
  return [
    ...missing,
    ...composed
      .filter(([, name]) => !services.some((service) => service.name === name))
      .map(([, name]) => ({ path: 'docker-compose.yml', message: `${name} is no service` })),
  ];
}
