import { foldName, wordsOf } from './fold-name.js';
import { jaroWinkler, jaroWinklerUngated, unitsOf, type Units } from './jaro-winkler.js';

const shortWordLengthMax = 2;
const wordScoreFloor = 0.5;

/** A name prepared for comparison. */
export interface PreparedName {
  readonly text: string;
  readonly whole: Units;
  readonly words: readonly Units[];
}

export function prepareName(name: string): PreparedName {
  const text = foldName(name);
  return { text, whole: unitsOf(text), words: wordsOf(text).map(unitsOf) };
}

/** The words of a query that count: those of more than two letters, or all if there are none. */
export function wordsThatCount(query: PreparedName): readonly Units[] {
  const long = query.words.filter((word) => word.length > shortWordLengthMax);
  return long.length > 0 ? long : query.words;
}

/** Jaro-Winkler of the whole names; names that begin with different letters do not match as wholes. */
export function wholeScore(query: PreparedName, listed: PreparedName): number {
  return query.whole.length > 0 && query.whole[0] === listed.whole[0]
    ? jaroWinklerUngated(query.whole, listed.whole)
    : 0;
}

/** What one query word contributes when it pairs with one listed word. */
export function wordScore(queryWord: Units, listedWord: Units): number {
  const score = jaroWinkler(queryWord, listedWord);
  return score < wordScoreFloor ? 0 : score;
}

/** How OFAC's own search scores a name against a listed one, 0 to 1: the better of whole and word by word. */
export function ofacScore(query: PreparedName, listed: PreparedName): number {
  const words = wordsThatCount(query);
  let sum = 0;
  for (const word of words) {
    let best = 0;
    for (const listedWord of listed.words) {
      best = Math.max(best, wordScore(word, listedWord));
    }
    sum += best;
  }
  return Math.max(wholeScore(query, listed), words.length === 0 ? 0 : sum / words.length);
}
