import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { bestPairsScore } from './best-pairs.js';
import { foldName } from './fold-name.js';
import { ofacScore, prepareName } from './ofac-emulation.js';
import { ScreeningIndex } from './screening-index.js';

const folder = new URL('../../../../../shared/data/sanctions/vectors/', import.meta.url);
const reason = existsSync(folder) ? '' : ' (skipped: ../shared/data/sanctions is not here)';

interface LabelledPair {
  readonly query: string;
  readonly listed: string;
  readonly isMatch: boolean;
  readonly isPerson: boolean;
}

describe.skipIf(reason !== '')(`published name-matching vectors${reason}`, () => {
  it('scores 95 of 95 best-pairs vectors within 0.01', () => {
    const misses = rows('watchman_best_pairs_jaro_winkler.csv').filter(
      ([indexed = '', search = '', expected]) =>
        Math.abs(bestPairsScore(indexed, search) - Number(expected)) > 0.01,
    );
    expect(rows('watchman_best_pairs_jaro_winkler.csv')).toHaveLength(95);
    expect(misses).toEqual([]);
  });

  it.each([
    {
      name: 'OFAC emulation',
      score: ofac,
      threshold: 0.8,
      precision: 0.566,
      recall: 0.928,
      f1: 0.703,
    },
    {
      name: 'OFAC emulation',
      score: ofac,
      threshold: 0.9,
      precision: 0.643,
      recall: 0.842,
      f1: 0.729,
    },
    {
      name: 'OFAC emulation',
      score: ofac,
      threshold: 0.95,
      precision: 0.804,
      recall: 0.667,
      f1: 0.729,
    },
    {
      name: 'best pairs',
      score: bestPairs,
      threshold: 0.85,
      precision: 0.725,
      recall: 0.748,
      f1: 0.736,
    },
  ])(
    'reaches the published figures: $name at $threshold',
    ({ score, threshold, precision, recall, f1 }) => {
      const pairs = labelledPairs();
      expect(pairs).toHaveLength(413);
      const measured = measure((pair) => score(pair.query, pair.listed) >= threshold);
      const measuredF1 =
        (2 * measured.precision * measured.recall) / (measured.precision + measured.recall);
      // Folding details move the figures by about 0.01.
      expect(Math.abs(measured.precision - precision)).toBeLessThan(0.015);
      expect(Math.abs(measured.recall - recall)).toBeLessThan(0.015);
      expect(Math.abs(measuredF1 - f1)).toBeLessThan(0.015);
    },
  );
});

describe.skipIf(reason !== '')(`screening against the emulation${reason}`, () => {
  it('finds more of the labelled matches at 0.80, with no more false ones among the found', () => {
    const emulated = measure(({ query, listed }) => ofac(query, listed) >= 0.8);
    const screened = measure(({ query, listed, isPerson }) => {
      const names = [{ text: listed, kind: 'primary' as const }];
      const kind = isPerson ? ('individual' as const) : ('entity' as const);
      const nothing = { programs: [], birthDates: [], countries: [] };
      const index = new ScreeningIndex([{ entryNumber: 1, kind, names, ...nothing }]);
      return index.screen([query], 800_000, { isOrganisation: !isPerson }).candidates.length > 0;
    });
    expect(screened.recall).toBeGreaterThan(emulated.recall + 0.03);
    expect(screened.precision).toBeGreaterThanOrEqual(emulated.precision);
  });
});

function measure(isFlagged: (pair: LabelledPair) => boolean): {
  readonly precision: number;
  readonly recall: number;
} {
  const pairs = labelledPairs();
  const flagged = pairs.filter(isFlagged);
  const found = flagged.filter((pair) => pair.isMatch).length;
  return {
    precision: found / flagged.length,
    recall: found / pairs.filter((pair) => pair.isMatch).length,
  };
}

function ofac(query: string, listed: string): number {
  return ofacScore(prepareName(query), prepareName(listed));
}

function bestPairs(query: string, listed: string): number {
  return bestPairsScore(foldName(listed), foldName(query));
}

function labelledPairs(): readonly LabelledPair[] {
  return rows('labelled_name_pairs.csv').map(([, schema, query = '', listed = '', isMatch]) => ({
    query,
    listed,
    isMatch: isMatch === 'true',
    isPerson: schema === 'Person',
  }));
}

function rows(file: string): readonly (readonly string[])[] {
  return parse(readFileSync(new URL(file, folder), 'utf8')).slice(1);
}
