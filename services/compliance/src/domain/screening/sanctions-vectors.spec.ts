import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bestPairsScore } from './best-pairs.js';
import { parseCsv } from './csv.js';
import { foldName } from './fold-name.js';
import { ofacScore, prepareName } from './ofac-emulation.js';

const folder = new URL('../../../../../../shared/data/sanctions/vectors/', import.meta.url);
const reason = existsSync(folder) ? '' : ' (skipped: ../shared/data/sanctions is not here)';

interface LabelledPair {
  readonly query: string;
  readonly listed: string;
  readonly isMatch: boolean;
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
      const flagged = pairs.filter((pair) => score(pair.query, pair.listed) >= threshold);
      const found = flagged.filter((pair) => pair.isMatch).length;
      const measured = {
        precision: found / flagged.length,
        recall: found / pairs.filter((pair) => pair.isMatch).length,
      };
      const measuredF1 =
        (2 * measured.precision * measured.recall) / (measured.precision + measured.recall);
      // Folding details move the figures by about 0.01.
      expect(Math.abs(measured.precision - precision)).toBeLessThan(0.015);
      expect(Math.abs(measured.recall - recall)).toBeLessThan(0.015);
      expect(Math.abs(measuredF1 - f1)).toBeLessThan(0.015);
    },
  );
});

function ofac(query: string, listed: string): number {
  return ofacScore(prepareName(query), prepareName(listed));
}

function bestPairs(query: string, listed: string): number {
  return bestPairsScore(foldName(listed), foldName(query));
}

function labelledPairs(): readonly LabelledPair[] {
  return rows('labelled_name_pairs.csv').map(([, , query = '', listed = '', isMatch]) => ({
    query,
    listed,
    isMatch: isMatch === 'true',
  }));
}

function rows(file: string): readonly (readonly string[])[] {
  return parseCsv(readFileSync(new URL(file, folder), 'utf8')).slice(1);
}
