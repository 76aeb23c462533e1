import { describe, expect, it } from 'vitest';
import { oversized } from './size-list.js';
import {
  findBadDocuments,
  findBadProjects,
  findDeadFiles,
  findOversized,
  findStaleSizes,
  findUnreasoned,
  findVagueNames,
  trackedFiles,
} from './tidy.js';

describe('The repository', () => {
  const files = trackedFiles();

  it('lists what git tracks', () => {
    expect(files).toContain('package.json');
    expect(files.length).toBeGreaterThan(100);
  });
  it('names files after what they hold', () => expect(findVagueNames(files)).toEqual([]));
  it('keeps files within their size', () => expect(findOversized(files, oversized)).toEqual([]));
  it('lists no size that is not needed', () => expect(findStaleSizes(oversized)).toEqual([]));
  it('gives a reason for every exception', () => expect(findUnreasoned(files)).toEqual([]));
  it('has sound documents', () => expect(findBadDocuments(files)).toEqual([]));
  it('has no dead files', () => expect(findDeadFiles(files)).toEqual([]));
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
});
