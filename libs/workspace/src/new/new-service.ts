import { defaultFirstPort } from '@specie/local-platform';
import ts from 'typescript';
import { UsageError } from '../command-line.js';
import type { ChangeSet } from './change-set.js';
import { writeHere } from './command-texts.js';
import { stringsIn } from './source-edit.js';
import { composeText, serviceTexts, type NewService } from './service-texts.js';
import type { Name } from './words.js';

/** The contracts, where the list of services is: types need it. */
const contracts = 'libs/contracts/src';

/** Adds a service without subjects, and to every file that cannot read the directory. @throws UsageError if it is there */
export function addService(changes: ChangeSet, service: Name): void {
  const name = service.kebab;
  const names = stringsIn(changes.source(`${contracts}/define-event.ts`).constant('serviceNames'));
  if (!/^[a-z]+$/.test(name))
    throw new UsageError('SERVICE: one word, which names roles and topics');
  if (names.includes(name)) throw new UsageError(`there is a service ${name} already`);
  const made = { service, port: defaultFirstPort + names.length };
  const known = dependenciesOf(changes);
  const versionOf = (dependency: string): string => known[dependency] ?? '0.1.0';
  for (const [path, text] of Object.entries(serviceTexts(made, versionOf))) {
    const left = text.includes(writeHere) ? 'say what it is for' : null;
    changes.put(`services/${name}/${path}`, text, left);
  }
  addToContracts(changes, service);
  addToLists(changes, made, names.at(-1) ?? '');
}

/** The versions that another service has. */
function dependenciesOf(changes: ChangeSet): Readonly<Record<string, string>> {
  const { dependencies, devDependencies } = JSON.parse(
    changes.read('services/issuance/package.json'),
  ) as Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>;
  return { ...dependencies, ...devDependencies };
}

function addToContracts(changes: ChangeSet, { kebab: name, camel, pascal }: Name): void {
  changes.edit(`${contracts}/define-event.ts`, (source) => {
    const list = source.constant('serviceNames');
    if (list && ts.isArrayLiteralExpression(list)) source.addElement(list.elements, `'${name}'`);
  });
  changes.put(`${contracts}/${name}/index.ts`, "export * from './input-discarded.js';\n");
  const discarded = changes.read(`${contracts}/audit/input-discarded.ts`);
  const renamed = discarded
    .replaceAll('auditInput', `${camel}Input`)
    .replaceAll('audit.', `${name}.`);
  changes.put(`${contracts}/${name}/input-discarded.ts`, renamed);
  const golden = '__golden__/input-discarded.v1.json';
  changes.put(`${contracts}/${name}/${golden}`, changes.read(`${contracts}/audit/${golden}`));
  insertLine(
    changes,
    `${contracts}/index.ts`,
    /^export \* from '\.\/\w+\/index\.js';$/,
    `export * from './${name}/index.js';`,
  );
  insertLine(
    changes,
    `${contracts}/registry.ts`,
    /^import \* as \w+ from/,
    `import * as ${camel} from './${name}/index.js';`,
  );
  insertLine(
    changes,
    `${contracts}/service-events.ts`,
    /^import type \* as \w+ from/,
    `import type * as ${camel} from './${name}/index.js';`,
  );
  changes.edit(`${contracts}/service-events.ts`, (source) => {
    source.append(
      `export type ${pascal}Event = EventOf<(typeof ${camel})[keyof typeof ${camel}]>;`,
    );
  });
  changes.edit(`${contracts}/registry.ts`, (source) => {
    const list = source
      .all(ts.isArrayLiteralExpression)
      .find(({ elements }) => elements.some((each) => source.textOf(each) === 'audit'));
    if (list) source.addElement(list.elements, camel);
  });
}

/** `last`: the service that was listed last before. */
function addToLists(changes: ChangeSet, made: NewService, last: string): void {
  const { service, port } = made;
  const name = service.kebab;
  const before = port - 1;
  const replace = (path: string, pairs: readonly (readonly [string | RegExp, string])[]): void => {
    let text = changes.read(path);
    for (const [wanted, replacement] of pairs) {
      const next = text.replace(wanted, replacement);
      if (next === text) throw new Error(`${path} lacks ${String(wanted)}`);
      text = next;
    }
    changes.put(path, text);
  };
  replace('docker-compose.yml', [
    [
      `"${last}":"http://localhost:${before}"}`,
      `"${last}":"http://localhost:${before}",\n    "${name}":"http://localhost:${port}"}`,
    ],
    [
      `/specie_${last}"}`,
      `/specie_${last}",\n    "${name}":"postgresql://specie_reader:specie@postgres:5432/specie_${name}"}`,
    ],
    [new RegExp(`(for service in [a-z ]*${last});`), `$1 ${name};`],
    [`to ${before}.`, `to ${port}.`],
    ['\nvolumes:\n  postgres-data:', `\n${composeText(made)}\nvolumes:\n  postgres-data:`],
  ]);
  replace('infra/postgres/create-databases.sql', [
    [
      new RegExp(`create role specie_${last} .*\n`),
      `$&create role specie_${name} login password 'specie';\n`,
    ],
    [
      new RegExp(`create database specie_${last} .*\n`),
      `$&create database specie_${name} owner specie_migrations;\n`,
    ],
  ]);
  replace('infra/docker/Dockerfile', [
    [new RegExp(`(EXPOSE [0-9 ]*${before})\n`), `$1 ${port}\n`],
    [new RegExp(`(EXPOSE [0-9 ]*${before + 1_000})\n`), `$1 ${port + 1_000}\n`],
    [` or ${last}}`, `, ${last} or ${name}}`],
  ]);
  const config = JSON.parse(changes.read('tsconfig.json')) as { references: { path: string }[] };
  config.references.push({ path: `./services/${name}` });
  changes.put('tsconfig.json', `${JSON.stringify(config, null, 2)}\n`);
  const row = new RegExp(`\\| \\[${last}\\]\\(services/${last}/README\\.md\\).*\n`);
  replace('README.md', [
    [row, `$&| [${name}](services/${name}/README.md) | ${port} | ${writeHere} what it owns |\n`],
  ]);
  replace('docs/architecture.md', [
    [
      new RegExp(`\\| ${last} +\\| ${before} \\|.*\n`),
      `$&| ${name} | ${port} | ${writeHere} what it owns |\n`,
    ],
  ]);
  for (const path of ['README.md', 'docs/architecture.md']) {
    changes.put(path, changes.read(path), 'say what the service owns');
  }
}

/** Inserts a line among those that match, in alphabetical order. */
function insertLine(changes: ChangeSet, path: string, among: RegExp, line: string): void {
  const lines = changes.read(path).split('\n');
  const next = lines.findIndex((each) => among.test(each) && each > line);
  const last = lines.findLastIndex((each) => among.test(each));
  lines.splice(next === -1 ? last + 1 : next, 0, line);
  changes.put(path, lines.join('\n'));
}
