import { describe, expect, it } from 'vitest';
import { findDeadExports, findDeadFiles, findStaleKept } from './dead-code.js';
import { kept } from './kept-list.js';
import { oversized } from './size-list.js';
import { findImpureSpecs, impuritiesOf } from './spec-level.js';
import {
  findIdleFilters,
  findLostPaths,
  findUnusedWords,
  findWideTables,
  readTexts,
} from './text-checks.js';
import {
  findBadDocuments,
  findBadProjects,
  findOversized,
  findStaleSizes,
  findUnreasoned,
  findVagueNames,
  trackedFiles,
} from './tidy.js';

describe('The repository', () => {
  const files = trackedFiles();
  const texts = readTexts(files);

  it('lists what git tracks', () => {
    expect(files).toContain('package.json');
    expect(files.length).toBeGreaterThan(100);
  });
  it('names files after what they hold', () => expect(findVagueNames(files)).toEqual([]));
  it('keeps files within their size', () => expect(findOversized(files, oversized)).toEqual([]));
  it('lists no size that is not needed', () => expect(findStaleSizes(oversized)).toEqual([]));
  it('gives a reason for every exception', () => expect(findUnreasoned(files)).toEqual([]));
  it('has sound documents', () => expect(findBadDocuments(files)).toEqual([]));
  it('has no file that only specs use', () => expect(findDeadFiles(files, kept)).toEqual([]));
  it('exports nothing that only specs use', () => expect(findDeadExports(files, kept)).toEqual([]));
  it('keeps nothing without need', () => expect(findStaleKept(files, kept)).toEqual([]));
  it('has unit specs that are pure', () => expect(findImpureSpecs(files)).toEqual([]));
  it('uses the words of the field', () => expect(findUnusedWords(texts)).toEqual([]));
  it('has narrow tables', () => expect(findWideTables(texts)).toEqual([]));
  it('names paths that are there', () => expect(findLostPaths(texts, files)).toEqual([]));
  it('names filters that select specs', () => expect(findIdleFilters(texts, files)).toEqual([]));
  it('tags every project', () => expect(findBadProjects()).toEqual([]));
});

describe('The tidy rules', () => {
  it('see what they forbid', () => {
    expect(
      findVagueNames([
        'libs/x/src/utils/a.ts',
        'services/y/src/domain/z.service.ts',
        'libs/x/src/CamelCase.ts',
      ]),
    ).toHaveLength(3);
    expect(findVagueNames(['libs/matching-core/src/ladder.ts'])).toEqual([]);
    expect(findOversized(['libs/workspace/src/tidy.ts'], {})).toEqual([]);
    expect(
      findStaleSizes({ 'libs/workspace/src/tidy.ts': { lines: 900, reason: 'none' } }),
    ).toHaveLength(1);
  });

  it('see what only specs use', () => {
    const files = trackedFiles();
    const dead = [...findDeadFiles(files, {}), ...findDeadExports(files, {})];
    expect(dead.map(({ path }) => path)).toContain('libs/matching-core/src/fix.ts');
    expect(dead.filter(({ name }) => name !== undefined)).not.toEqual([]);
    expect(findStaleKept(files, { 'libs/workspace/src/tidy.ts': 'none' })).toHaveLength(1);
  });

  it.each([
    ['services/issuance/test/issuance.e2e.spec.ts', 'libs/testing/src/database.ts'],
    ['libs/matching-core/test/second-process.int.spec.ts', 'node:child_process'],
  ])('see that %s is not pure', (spec, reason) => {
    expect(impuritiesOf(spec).map(({ message }) => message)).toContainEqual(
      expect.stringContaining(reason),
    );
  });

  it('see what documents and comments should not say', () => {
    const saying = (path: string, text: string) => [{ path, text }];
    expect(findUnusedWords(saying('a.ts', '/**\n * Kept for\n * ever.\n */'))).toEqual([
      { path: 'a.ts:2', message: expect.stringContaining('"for ever"') as string },
    ]);
    const table = `| a |\n| ${'-'.repeat(200)} |`;
    expect(findWideTables(saying('a.md', table))).toHaveLength(1);
    const lost = 'See `libs/nothing/here.ts`, `src/none.ts`, `libs/<name>/src` and `npm test`.';
    expect(findLostPaths(saying('libs/workspace/README.md', lost), trackedFiles())).toHaveLength(2);
    const idle = '`npm test -- --project nobody`, `npm test -- .int.spec`, `.zzz.spec`';
    expect(findIdleFilters(saying('a.md', idle), trackedFiles())).toHaveLength(2);
  });
});
