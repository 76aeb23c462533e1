import { jaroWinkler, type Units } from './jaro-winkler.js';
import { foldName, wordsOf } from './fold-name.js';

const lengthRatioFloor = 0.9;
const lengthPenaltyWeight = 0.3;
const unmatchedIndexPenaltyWeight = 0.15;
const shortWordLengthMax = 3;

// Two words are compared only when their first letters sound alike.
const firstLetterClasses = ['aeiouy', 'bfpv', 'cgjkqsxz', 'dt', 'l', 'mn', 'r', 'hw'];
const classByLetter = new Map(
  firstLetterClasses.flatMap((letters, index) =>
    [...letters].map((letter) => [letter, index] as const),
  ),
);

interface Word {
  readonly bytes: Units;
  readonly firstLetter: number | string;
}

interface Pair {
  readonly query: number;
  readonly indexed: number;
  readonly score: number;
}

/**
 * Scores a query name against a listed name by pairing their words greedily, best pair first. Compares
 * the texts as given: fold them first.
 */
export function bestPairsScore(indexedName: string, queryName: string): number {
  const indexed = indexedName.split(' ').filter(Boolean).map(wordOf);
  const query = queryName.split(' ').filter(Boolean).map(wordOf);
  if (indexed.length === 0 || query.length === 0) {
    return 0;
  }
  const usedQuery = new Set<number>();
  const usedIndexed = new Set<number>();
  let weighted = 0;
  let matchedIndexedBytes = 0;
  for (const pair of candidatePairs(query, indexed)) {
    if (usedQuery.has(pair.query) || usedIndexed.has(pair.indexed)) {
      continue;
    }
    usedQuery.add(pair.query);
    usedIndexed.add(pair.indexed);
    const queryLength = query[pair.query]?.bytes.length ?? 0;
    const indexedLength = indexed[pair.indexed]?.bytes.length ?? 0;
    weighted += pair.score * (queryLength + indexedLength);
    matchedIndexedBytes += indexedLength;
  }
  const similarity = weighted / (byteCount(query) + matchedIndexedBytes);
  const matchedFraction = matchedIndexedBytes / byteCount(indexed);
  return similarity * (1 - (1 - matchedFraction) * unmatchedIndexPenaltyWeight);
}

/** The score of two raw names: folded, and also with short words joined to a neighbour ("JSC ARGUMENT" = "JSCARGUMENT"). */
export function bestPairsNameScore(listedName: string, queryName: string): number {
  let best = 0;
  for (const listed of spellingsOf(listedName)) {
    for (const query of spellingsOf(queryName)) {
      best = Math.max(best, bestPairsScore(listed, query));
    }
  }
  return best;
}

function spellingsOf(name: string): ReadonlySet<string> {
  const words = wordsOf(foldName(name));
  return new Set([words.join(' '), joinToNext(words).join(' '), joinToPrevious(words).join(' ')]);
}

function joinToNext(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let pending = '';
  for (const word of words) {
    if (word.length <= shortWordLengthMax) {
      pending += word;
    } else {
      joined.push(pending + word);
      pending = '';
    }
  }
  return pending === '' ? joined : [...joined, pending];
}

function joinToPrevious(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const word of words) {
    const before = joined.pop();
    if (before === undefined) {
      joined.push(word);
    } else if (word.length <= shortWordLengthMax) {
      joined.push(before + word);
    } else {
      joined.push(before, word);
    }
  }
  return joined;
}

function candidatePairs(query: readonly Word[], indexed: readonly Word[]): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const [queryIndex, queryWord] of query.entries()) {
    for (const [indexedIndex, indexedWord] of indexed.entries()) {
      if (queryWord.firstLetter === indexedWord.firstLetter) {
        pairs.push({
          query: queryIndex,
          indexed: indexedIndex,
          score: wordScore(indexedWord.bytes, queryWord.bytes),
        });
      }
    }
  }
  return pairs.sort((a, b) => b.score - a.score);
}

function wordScore(a: Units, b: Units): number {
  const score = jaroWinkler(a, b);
  const ratio = Math.min(a.length, b.length) / Math.max(a.length, b.length);
  return ratio < lengthRatioFloor ? score * (1 - (1 - ratio) * lengthPenaltyWeight) : score;
}

function wordOf(text: string): Word {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0).toLowerCase();
  return { bytes: new TextEncoder().encode(text), firstLetter: classByLetter.get(first) ?? first };
}

function byteCount(words: readonly Word[]): number {
  return words.reduce((sum, word) => sum + word.bytes.length, 0);
}
