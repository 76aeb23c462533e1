import { describe, expect, it } from 'vitest';
import { findDeadExports, findDeadFiles, findStaleKept } from './dead-code.js';
import { findDialects, findUnwritten } from './dialect.js';
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
  it('speaks one dialect in every service', () => expect(findDialects(texts)).toEqual([]));
  it('has written what was generated', () => expect(findUnwritten(texts)).toEqual([]));
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

  it.each([
    ['loan/loan.service.ts', 'export const a = 1;', '".service" is no role'],
    ['loan/index.ts', "export * from './loan.state.js';", 'no barrels'],
    ['loan/repay.handler.ts', 'export class RepayLoanHandler {}', 'one class, RepayHandler'],
    ['loan/loan.query.ts', 'export class RepayHandler {}', '.handler.ts of its own'],
    ['loan/loan.query.ts', 'query(`\n  SELECT 1`);', 'lower case: SELECT'],
    ['loan/loan.query.ts', "query('UPDATE loans SET a = 1');", 'lower case: UPDATE'],
    [
      'loan/loan.query.ts',
      '@Injectable()\nclass A {\n  constructor(private readonly b: B) {}\n}\n@Inject()',
      'inject by',
    ],
    ['loan/loan.query.ts', '@Injectable()\nclass A {\n  @Inject(B) b: B;\n}', 'inject by'],
    ['loan/loan.query.ts', '', 'has no loan.subject.ts'],
    ['loan/loan.subject.ts', '', 'does not list the subject loan'],
    ['loan/http/loan.dto.ts', '', 'no folders inside'],
  ])('see a service that is written in another way: %s, %s', (path, text, message) => {
    const texts = [{ path: `services/lending/src/${path}`, text }];
    expect(findDialects(texts).map((finding) => finding.message)).toContainEqual(
      expect.stringContaining(message),
    );
  });

  it('see a service that is written as all are, and words that are', () => {
    const of = (path: string, text: string) => ({ path: `services/lending/src/${path}`, text });
    const texts = [
      of('app.module.ts', "import { loanSubject } from './loan/loan.subject.js';"),
      of('loan/loan.subject.ts', 'export const loanSubject = defineSubject({});'),
      of('loan/terms.ts', "export const text = 'Update the loan and set its terms.';"),
      of(
        'loan/repay-loan.handler.ts',
        '@Injectable()\nexport class RepayLoanHandler {\n  constructor(@Inject(A) private readonly a: A) {}\n}',
      ),
      of('create-loans.migration.ts', "query('CREATE TABLE loans ()')"),
    ];
    expect(findDialects(texts)).toEqual([]);
    expect(
      findUnwritten([of('loan/loan.dto.ts', "description: 'Write here what changes.'")]),
    ).toHaveLength(1);
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
