import { basename } from 'node:path';
import ts from 'typescript';
import { SourceEdit } from './new/source-edit.js';
import { Name } from './new/words.js';
import type { Text } from './text-checks.js';
import type { Finding } from './tidy.js';

const adapters =
  'handler|controller|dto|consumer|projection|query|table|sweep|adapter|subject|module|config|migration';
const knownRole = new RegExp(
  `^[a-z0-9-]+(\\.(${adapters}|state|decider|commands|refusals))?(\\.spec)?$`,
);
const isAdapter = new RegExp(`\\.(${adapters})\\.ts$`);
const shouting =
  /['"`]\s*(SELECT|INSERT INTO|UPDATE [^'"`]* SET|DELETE FROM|CREATE TABLE|ALTER TABLE)\b/;

/** What a service does in another way than all of them do; see docs/CONTRIBUTING.md and `npm run new`. */
export function findDialects(texts: readonly Text[]): readonly Finding[] {
  const sources = texts.filter(({ path }) => /^services\/[^/]+\/src\/.*\.ts$/.test(path));
  return [
    ...sources.flatMap(findWrongRoles),
    ...sources.flatMap(findWrongHandlers),
    ...sources.flatMap(findShoutedSql),
    ...sources.flatMap(findWrongInjections),
    ...findWrongFolders(sources),
  ];
}

/** Text that the generator left for a person to write. */
export function findUnwritten(texts: readonly Text[]): readonly Finding[] {
  return texts
    .filter(({ path }) => /\.(ts|md)$/.test(path) && !path.startsWith('libs/workspace/'))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          /(['`]|\* |\| |^)Write here\b/.test(line)
            ? [{ path: `${path}:${index + 1}`, message: 'write what the generator asks for' }]
            : [],
        ),
    );
}

function findWrongRoles({ path }: Text): readonly Finding[] {
  const name = basename(path, '.ts');
  if (name === 'index') return [{ path, message: 'no barrels: import from the file that has it' }];
  return knownRole.test(name)
    ? []
    : [
        {
          path,
          message: `".${name.split('.').slice(1).join('.')}" is no role of a file in a service`,
        },
      ];
}

function findWrongHandlers({ path, text }: Text): readonly Finding[] {
  const classes = [...text.matchAll(/^export (?:abstract )?class (\w+)/gm)].map(([, name]) => name);
  const handlers = classes.filter((name) => name?.endsWith('Handler'));
  if (!path.endsWith('.handler.ts')) {
    return handlers.map((name) => ({
      path,
      message: `${name} belongs in a .handler.ts of its own`,
    }));
  }
  const wanted = `${new Name(basename(path, '.handler.ts'), path).pascal}Handler`;
  return classes.length === 1 && classes[0] === wanted
    ? []
    : [{ path, message: `exports one class, ${wanted}` }];
}

function findShoutedSql({ path, text }: Text): readonly Finding[] {
  // Migrations are history and stay as they are.
  if (path.endsWith('.migration.ts')) return [];
  const [, keyword] = shouting.exec(text) ?? [];
  return keyword === undefined
    ? []
    : [{ path, message: `SQL keywords are in lower case: ${keyword.split(' ')[0] ?? ''}` }];
}

/** Whatever Nest makes is given what it needs by `@Inject(X) private readonly x: X`, unless it only makes something of it. */
function findWrongInjections({ path, text }: Text): readonly Finding[] {
  if (!isAdapter.test(path) || !text.includes('@In')) return [];
  const source = new SourceEdit(path, text);
  return source.all(ts.isClassDeclaration).flatMap((declared) => {
    const decorators = ts.getDecorators(declared) ?? [];
    if (!decorators.some((each) => /^@(Injectable|Controller)\(/.test(source.textOf(each))))
      return [];
    const made = declared.members.find(ts.isConstructorDeclaration);
    const isKept = !made?.body?.statements.length;
    const right = isKept ? /^@Inject\(\w+\)\s+private readonly / : /^@Inject\(\w+\)/;
    const wrong = [
      ...(made?.parameters.filter((each) => !right.test(source.textOf(each))) ?? []),
      ...declared.members
        .filter(ts.isPropertyDeclaration)
        .filter((each) => source.textOf(each).startsWith('@Inject')),
    ];
    return wrong.map((each) => ({
      path,
      message: `inject by "@Inject(X) private readonly x: X" in the constructor, not "${source.textOf(each)}"`,
    }));
  });
}

/** Folders are subjects, which `app.module.ts` lists; one of pure rules alone brings nothing that could be listed. */
function findWrongFolders(sources: readonly Text[]): readonly Finding[] {
  const paths = sources.map(({ path }) => path);
  const folders = new Set(paths.flatMap((path) => /^(.*\/src\/.+)\/[^/]+$/.exec(path)?.[1] ?? []));
  return [...folders].flatMap((folder) => {
    const [, src = '', name = ''] = /^(.*\/src)\/(.+)$/.exec(folder) ?? [];
    if (name.includes('/')) return [{ path: folder, message: 'a subject has no folders inside' }];
    const inside = paths.filter((path) => path.startsWith(`${folder}/`));
    if (!inside.some((path) => isAdapter.test(path))) return [];
    if (!inside.includes(`${folder}/${name}.subject.ts`)) {
      return [{ path: folder, message: `has no ${name}.subject.ts that says what it brings` }];
    }
    const module = sources.find(({ path }) => path === `${src}/app.module.ts`)?.text ?? '';
    return module.includes(`'./${name}/${name}.subject.js'`)
      ? []
      : [{ path: `${src}/app.module.ts`, message: `does not list the subject ${name}` }];
  });
}
