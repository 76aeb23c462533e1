import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { projectFolders, readProject, repositoryRoot } from './repository.js';

/** Something the house style forbids, and what to do instead. */
export interface Finding {
  readonly path: string;
  readonly message: string;
}

/** Files longer than the budget: their size (may only shrink) and why they read better whole. */
export type SizeList = Readonly<
  Record<string, { readonly lines: number; readonly reason: string }>
>;

const lineCountMax = 400;
const vagueNames = new Set([
  'common',
  'core',
  'shared',
  'utils',
  'util',
  'helpers',
  'helper',
  'base',
  'manager',
  'misc',
]);

/** Everything git tracks, relative to the root. */
export function trackedFiles(): readonly string[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: repositoryRoot,
  });
  return list
    .toString()
    .split('\n')
    .filter((path) => path !== '' && existsSync(join(repositoryRoot, path)));
}

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const isSource = (path: string): boolean => /^(libs|services)\/.*\.ts$/.test(path);
const isOwnDocument = (path: string): boolean => path.endsWith('.md');

/** Names that say nothing, and roles that have no place. */
export function findVagueNames(files: readonly string[]): readonly Finding[] {
  return files.filter(isSource).flatMap((path) => {
    const findings: Finding[] = [];
    const segments = path.replace(/\.ts$/, '').split('/');
    const vague = segments.find((segment) => vagueNames.has(segment.split('.')[0] ?? ''));
    if (vague)
      findings.push({ path, message: `"${vague}" says nothing; name it after what it holds` });
    if (path.endsWith('.interface.ts'))
      findings.push({ path, message: 'put the interface beside the code that owns it' });
    if (path.includes('/domain/') && path.endsWith('.service.ts'))
      findings.push({ path, message: 'domain code is functions: `.decider.ts` or a noun' });
    if (!/^[a-z0-9.-]+$/.test(basename(path)))
      findings.push({ path, message: 'file names are kebab-case with a role suffix' });
    return findings;
  });
}

/** Files over the budget that are not listed, or grew beyond their listed size. */
export function findOversized(files: readonly string[], allowed: SizeList): readonly Finding[] {
  return files.filter(isSource).flatMap((path) => {
    const lines = read(path).split('\n').length - 1;
    const listed = allowed[path];
    if (lines <= lineCountMax || (listed && lines <= listed.lines)) return [];
    const limit = listed?.lines ?? lineCountMax;
    return [
      { path, message: `${lines} lines, allowed ${limit}: split it by what changes together` },
    ];
  });
}

/** Size-list entries that are no longer needed or no longer there. */
export function findStaleSizes(allowed: SizeList): readonly Finding[] {
  return Object.keys(allowed)
    .filter(
      (path) =>
        !existsSync(join(repositoryRoot, path)) ||
        read(path).split('\n').length - 1 <= lineCountMax,
    )
    .map((path) => ({ path, message: 'is within the budget now; take it off the size list' }));
}

/** Suppressions without a reason, open tasks without an issue, skipped tests without an issue. */
export function findUnreasoned(files: readonly string[]): readonly Finding[] {
  return files
    .filter((path) => isSource(path) && !path.startsWith('libs/workspace/'))
    .flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, index) => {
          const at = `${path}:${index + 1}`;
          if (/eslint-disable/.test(line) && !/ -- \S/.test(line))
            return [{ path: at, message: 'say why after ` -- `' }];
          if (/\b(TODO|FIXME|XXX)\b/.test(line) && !/#\d+/.test(line))
            return [{ path: at, message: 'name the issue: `TODO #12`' }];
          if (/\b(it|test|describe)\.skip\(/.test(line) && !/#\d+/.test(line))
            return [
              { path: at, message: 'a skipped test names its issue, or uses skipIf with a reason' },
            ];
          return [];
        }),
    );
}

/** Documents: one title each, links that lead somewhere, decision records with their parts, README budgets. */
export function findBadDocuments(files: readonly string[]): readonly Finding[] {
  const findings: Finding[] = [];
  const adrNumbers = new Map<string, string>();
  for (const path of files.filter(isOwnDocument)) {
    const text = read(path);
    const prose = text.replace(/```[\s\S]*?```/g, '');
    const titles = prose.split('\n').filter((line) => line.startsWith('# '));
    if (titles.length !== 1)
      findings.push({ path, message: `has ${titles.length} titles; a document has one "# Title"` });
    for (const [, target] of prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (target === undefined || /^[a-z]+:/.test(target)) continue;
      if (!existsSync(resolve(repositoryRoot, dirname(path), target)))
        findings.push({ path, message: `links to ${target}, which is not there` });
    }
    const lineCount = text.split('\n').length - 1;
    if (/^services\/[^/]+\/README\.md$/.test(path) && lineCount > 60)
      findings.push({ path, message: `${lineCount} lines; a service README has at most 60` });
    if (path === 'README.md' && lineCount > 250)
      findings.push({ path, message: `${lineCount} lines; the README has at most 250` });
    const adr = /^docs\/adr\/(\d{4})-[a-z0-9-]+\.md$/.exec(path);
    if (path.startsWith('docs/adr/')) {
      const number = adr?.[1];
      if (number === undefined)
        findings.push({ path, message: 'is not named NNNN-imperative-title.md' });
      else if (adrNumbers.has(number))
        findings.push({ path, message: `has the number of ${adrNumbers.get(number) ?? ''}` });
      else adrNumbers.set(number, path);
      for (const part of [
        'Status:',
        '## Context',
        '## Decision',
        '## Consequences',
        '## Enforced by',
      ]) {
        if (!text.includes(part)) findings.push({ path, message: `lacks "${part}"` });
      }
    }
  }
  return findings;
}

/** Projects without exactly one type and one scope, services without their README. */
export function findBadProjects(): readonly Finding[] {
  return projectFolders().flatMap((folder) => {
    const findings: Finding[] = [];
    if (!existsSync(join(repositoryRoot, folder, 'project.json'))) {
      return [{ path: folder, message: 'has no project.json' }];
    }
    const { tags } = readProject(folder);
    for (const kind of ['type:', 'scope:']) {
      const count = tags.filter((tag) => tag.startsWith(kind)).length;
      if (count !== 1)
        findings.push({
          path: folder,
          message: `has ${count} tags ${kind}…; a project has exactly one`,
        });
    }
    if (!existsSync(join(repositoryRoot, folder, 'README.md')) && folder.startsWith('services/'))
      findings.push({ path: folder, message: 'has no README.md' });
    return findings;
  });
}
