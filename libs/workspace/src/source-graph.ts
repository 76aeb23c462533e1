import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { projectFolders, readPackage, repositoryRoot } from './repository.js';

/** One import or re-export: `names` as the other file calls them, or all that it has. */
interface Reference {
  readonly specifier: string;
  readonly names: readonly string[] | 'all';
  /** The name that `* as name` gives to all of it. */
  readonly alias: string | undefined;
}

interface Source {
  readonly text: string;
  readonly imports: readonly Reference[];
  readonly reexports: readonly Reference[];
  readonly declared: readonly string[];
}

const fromClause = /^(import|export)\s+(?:type\s+)?([^'";]+?)\s+from\s+'([^']+)'/gm;
const sideEffect = /^import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;
/** Files named in text: what a worker, a child process or a test runner is started with. */
const namedFile = /['"`/]([\w.-]+)\.(?:js|ts)['"`]/g;
const declaration =
  /^export (?:(?:default|declare|abstract|async) )*(?:function\*?|class|const|let|interface|type|enum) (\w+)/gm;

/**
 * Which source file uses which, name by name: an import through an `index.ts` leads to the file that has the
 * name, and not to all that the index offers. Reads the text only, which the formatter keeps regular.
 */
class SourceGraph {
  private readonly sources = new Map<string, Source>();
  private readonly targets = new Map<string, readonly string[]>();
  private readonly listed = new Map<string, ReadonlyMap<string, readonly string[]>>();
  /** The source file behind each entry of each package, such as `@specie/nest-platform/testing`. */
  private readonly entries: ReadonlyMap<string, string>;
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
    this.entries = new Map(projectFolders().flatMap(entriesOf));
  }

  /** The files that `roots` use, themselves among them; paths are relative to the root of the repository. */
  reachedFrom(roots: Iterable<string>): ReadonlySet<string> {
    const reached = new Set(roots);
    for (const path of reached) {
      for (const target of this.targetsOf(path)) reached.add(target);
    }
    return reached;
  }

  textOf(path: string): string {
    return this.sourceOf(path).text;
  }

  /** The names that a file declares and exports. */
  exportsOf(path: string): readonly string[] {
    return this.sourceOf(path).declared;
  }

  /** What a file imports, as it is written there. */
  importsOf(path: string): readonly string[] {
    return this.sourceOf(path).imports.map(({ specifier }) => specifier);
  }

  private targetsOf(path: string): readonly string[] {
    const known = this.targets.get(path);
    if (known) return known;
    const targets = this.findTargets(path);
    this.targets.set(path, targets);
    return targets;
  }

  private findTargets(path: string): readonly string[] {
    const { text, imports } = this.sourceOf(path);
    const siblings = this.siblingsOf(path);
    return [
      ...imports.flatMap((reference) => this.ownersOf(path, reference)),
      ...[...text.matchAll(namedFile)].flatMap(([, name = '']) => siblings.get(name) ?? []),
    ];
  }

  /** The files of the same project, by their names without folder and extension. */
  private siblingsOf(path: string): ReadonlyMap<string, readonly string[]> {
    const folder = path.split('/').slice(0, 2).join('/');
    const known = this.listed.get(folder);
    if (known) return known;
    const files = ['src', 'test']
      .map((part) => join(folder, part))
      .filter((part) => existsSync(join(this.root, part)))
      .flatMap((part) =>
        readdirSync(join(this.root, part), { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.ts'))
          .map((file) => join(part, file)),
      );
    const byName = new Map<string, string[]>();
    for (const file of files) {
      const name = basename(file, '.ts');
      byName.set(name, [...(byName.get(name) ?? []), file]);
    }
    this.listed.set(folder, byName);
    return byName;
  }

  private ownersOf(path: string, { specifier, names }: Reference): readonly string[] {
    const target = this.resolve(path, specifier);
    if (target === undefined) return [];
    if (names === 'all') return this.everything(target);
    return names.flatMap((name) => this.ownerOf(target, name) ?? [target]);
  }

  private ownerOf(path: string, name: string): readonly string[] | undefined {
    const { declared, imports, reexports } = this.sourceOf(path);
    if (declared.includes(name)) return [path];
    const named = [...reexports, ...imports].find(
      ({ names, alias }) => alias === name || names.includes(name),
    );
    if (named) return this.ownersOf(path, named);
    for (const { specifier, names, alias } of reexports) {
      const target =
        names === 'all' && alias === undefined ? this.resolve(path, specifier) : undefined;
      const owner = target === undefined ? undefined : this.ownerOf(target, name);
      if (owner) return owner;
    }
    return undefined;
  }

  private everything(path: string): readonly string[] {
    const { reexports } = this.sourceOf(path);
    return [path, ...reexports.flatMap((reference) => this.ownersOf(path, reference))];
  }

  private resolve(path: string, specifier: string): string | undefined {
    if (specifier.startsWith('.')) {
      const target = join(dirname(path), specifier).replace(/\.js$/, '.ts');
      return existsSync(join(this.root, target)) ? target : undefined;
    }
    return this.entries.get(specifier);
  }

  private sourceOf(path: string): Source {
    const known = this.sources.get(path);
    if (known) return known;
    const text = readFileSync(resolve(this.root, path), 'utf8');
    const clauses = [...text.matchAll(fromClause)].map(([, kind, clause = '', specifier = '']) => ({
      kind,
      reference: { specifier, names: namesOf(clause), alias: /^\* as (\w+)$/.exec(clause)?.[1] },
    }));
    const whole = [...text.matchAll(sideEffect)].map(([, first, second]) => ({
      specifier: first ?? second ?? '',
      names: 'all' as const,
      alias: undefined,
    }));
    const of = (wanted: string): readonly Reference[] =>
      clauses.filter(({ kind }) => kind === wanted).map(({ reference }) => reference);
    const source = {
      text,
      imports: [...of('import'), ...whole],
      reexports: of('export'),
      declared: [...text.matchAll(declaration)].map(([, name = '']) => name),
    };
    this.sources.set(path, source);
    return source;
  }
}

/** The graph of this repository, read once by a process. */
export const sourceGraph = new SourceGraph(repositoryRoot);

function entriesOf(folder: string): readonly (readonly [string, string])[] {
  const { name, exports = {} } = readPackage(folder);
  return Object.entries(exports).flatMap(([entry, { '@specie/source': source } = {}]) =>
    source === undefined ? [] : [[join(name, entry), join(folder, source)] as const],
  );
}

function namesOf(clause: string): readonly string[] | 'all' {
  const list = /^\{([^}]*)\}$/.exec(clause)?.[1];
  return list === undefined
    ? 'all'
    : list
        .split(',')
        .map(
          (name) =>
            name
              .trim()
              .replace(/^type /, '')
              .split(' as ')[0] ?? '',
        )
        .filter((name) => name !== '');
}
