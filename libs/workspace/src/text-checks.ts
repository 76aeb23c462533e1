import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectFolders, readProject, repositoryRoot } from './repository.js';
import type { Finding } from './tidy.js';
import { unusedWords } from './word-list.js';

/** A text of the repository. */
export interface Text {
  readonly path: string;
  readonly text: string;
}

const tableWidthMax = 160;

/** Documents and sources. */
export function readTexts(files: readonly string[]): readonly Text[] {
  return files
    .filter((path) => /\.(md|ts|mjs|sh|yml|sql|py|toml)$|Dockerfile$|^\.ci\//.test(path))
    .map((path) => ({ path, text: readFileSync(join(repositoryRoot, path), 'utf8') }));
}

const isDocument = ({ path }: Text): boolean => path.endsWith('.md');
/** Decision records tell what was true when they were written. */
const isCurrentDocument = (text: Text): boolean =>
  isDocument(text) && !text.path.startsWith('docs/adr/');

/** Words that are not used here. */
export function findUnusedWords(texts: readonly Text[]): readonly Finding[] {
  return texts
    .filter(({ path }) => !/\/(word-list|tidy\.arch\.spec)\.ts$/.test(path))
    .flatMap(({ path, text }) => {
      const prose = withoutLeads(text);
      return unusedWords.flatMap(({ words, instead }) => {
        const either = words.join('|').replaceAll(' ', '\\s+');
        const found = [...prose.matchAll(new RegExp(`\\b(?:${either})\\b`, 'gi'))];
        return found.map(({ 0: word, index }) => ({
          path: `${path}:${prose.slice(0, index).split('\n').length}`,
          message: `"${word.replace(/\s+/g, ' ')}" is not used here; write: ${instead}`,
        }));
      });
    });
}

/** What begins a line of a comment or of a quotation is not part of the sentence. */
function withoutLeads(text: string): string {
  return text.replace(/\n[ \t]*(?:\*|\/\/|#|>)/g, (lead) => `\n${' '.repeat(lead.length - 1)}`);
}

/** Tables that the formatter pads to the width of their longest cells. */
export function findWideTables(texts: readonly Text[]): readonly Finding[] {
  return texts.filter(isDocument).flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const isWide = /^\|[\s|:-]+\|$/.test(line) && line.length > tableWidthMax;
      const message = `a table of ${line.length} columns, at most ${tableWidthMax}: make it a list, or its cells shorter`;
      return isWide ? [{ path: `${path}:${index + 1}`, message }] : [];
    }),
  );
}

/** Paths that documents name in code spans and that are not there; `<name>` and `*` stand for any name. */
export function findLostPaths(
  texts: readonly Text[],
  files: readonly string[],
): readonly Finding[] {
  return texts.filter(isCurrentDocument).flatMap(({ path, text }) =>
    [...text.matchAll(/`([\w.-]+(?:\/[\w.<>*-]+)*\/?)`/g)]
      .map(([, named = '']) => named)
      .filter((named) => !isThere(named, dirname(path), files))
      .map((named) => ({ path, message: `names ${named}, which is not there` })),
  );
}

function isThere(named: string, folder: string, files: readonly string[]): boolean {
  const place = /^(libs|services|docs|infra)\//.test(named)
    ? ''
    : /^(src|test)\//.test(named)
      ? named.includes('*') || !/^(libs|services)\//.test(folder)
        ? '[^/]+/[^/]+/'
        : `${folder}/`
      : undefined;
  if (place === undefined) {
    return !/^[\w.-]+\.spec\.ts$/.test(named) || files.some((file) => file.endsWith(`/${named}`));
  }
  const pattern = named
    .replace(/\/$/, '')
    .replaceAll('.', '\\.')
    .replace(/<[^>]*>|\*+/g, '[^/]+');
  const matching = new RegExp(`^${place}${pattern}(/|$)`);
  return files.some((file) => matching.test(file));
}

/** Filters of `npm test` that documents name and that select no spec. */
export function findIdleFilters(
  texts: readonly Text[],
  files: readonly string[],
): readonly Finding[] {
  const specs = files.filter((path) => path.endsWith('.spec.ts'));
  return texts.filter(isCurrentDocument).flatMap(({ path, text }) =>
    [...text.matchAll(/npm test -- ([^`\n#;]+)|`(\.[a-z0-9]+\.spec)`/g)]
      .map(([, typed, level]) => (typed ?? level ?? '').trim())
      .filter((typed) => selectedBy(typed.split(/\s+/), specs).length === 0)
      .map((typed) => ({ path, message: `\`npm test -- ${typed}\` selects no spec` })),
  );
}

function selectedBy(args: readonly string[], specs: readonly string[]): readonly string[] {
  return args.reduce((selected, arg, index) => {
    const option = args[index - 1];
    if (option === '--project') {
      const folder = projectFolders().find((each) => readProject(each).name === arg);
      return selected.filter((path) => folder !== undefined && path.startsWith(`${folder}/`));
    }
    return /^[-<]/.test(arg) || option === '-t'
      ? selected
      : selected.filter((path) => path.includes(arg));
  }, specs);
}
