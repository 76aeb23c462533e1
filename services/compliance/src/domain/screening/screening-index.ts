import type { ListedEntry, ListedName } from './ofac-list.js';
import {
  prepareName,
  queryWordsOf,
  wholeScore,
  wordScore,
  type PreparedName,
} from './ofac-emulation.js';
import type { Units } from './jaro-winkler.js';

/** A listed name that scored at or above the threshold. */
export interface ScreeningCandidate {
  readonly entryNumber: number;
  readonly listedName: string;
  readonly nameKind: ListedName['kind'];
  readonly scorePpm: number;
}

export interface ScreeningResult {
  /** Of every strong name on the list, also below the threshold. */
  readonly bestScorePpm: number;
  /** One for each listed entry, best first. */
  readonly candidates: readonly ScreeningCandidate[];
}

interface IndexedName {
  readonly entryNumber: number;
  readonly kind: ListedName['kind'];
  readonly text: string;
  readonly prepared: PreparedName;
  /** Places in `words`. */
  readonly wordIndexes: readonly number[];
}

const onePpm = 1_000_000;

/** A score as parts per million, so that thresholds compare integers. */
export function toPpm(score: number): number {
  return Math.round(score * onePpm);
}

/**
 * A list ready for screening. Distinct words are compared once per query word, not once per name, which
 * is what makes a whole list cheap.
 */
export class ScreeningIndex {
  readonly entryCount: number;
  private readonly names: readonly IndexedName[];
  private readonly words: readonly Units[];

  constructor(entries: readonly ListedEntry[]) {
    const wordIndexes = new Map<string, number>();
    const words: Units[] = [];
    this.entryCount = entries.length;
    this.names = entries.flatMap((entry) =>
      // OFAC does not expect weak aliases to be screened (they are common words).
      entry.names
        .filter((name) => name.kind !== 'weak')
        .map((name) => {
          const prepared = prepareName(name.text);
          const indexes = prepared.words.map((word) => {
            const text = String.fromCharCode(...word);
            const known = wordIndexes.get(text) ?? words.push(word) - 1;
            wordIndexes.set(text, known);
            return known;
          });
          return {
            entryNumber: entry.entryNumber,
            kind: name.kind,
            text: name.text,
            prepared,
            wordIndexes: indexes,
          };
        }),
    );
    this.words = words;
  }

  /** Compares a name and its aliases with every strong name of the list. */
  screen(names: readonly string[], thresholdPpm: number): ScreeningResult {
    const bestByEntry = new Map<number, ScreeningCandidate>();
    let bestScorePpm = 0;
    for (const query of names.map(prepareName)) {
      const scoresByQueryWord = queryWordsOf(query).map((word) =>
        Float64Array.from(this.words, (listed) => wordScore(word, listed)),
      );
      for (const name of this.names) {
        const score = Math.max(
          wholeScore(query, name.prepared),
          meanOfBest(scoresByQueryWord, name.wordIndexes),
        );
        const scorePpm = toPpm(score);
        bestScorePpm = Math.max(bestScorePpm, scorePpm);
        if (
          scorePpm >= thresholdPpm &&
          scorePpm > (bestByEntry.get(name.entryNumber)?.scorePpm ?? -1)
        ) {
          const { entryNumber, kind, text } = name;
          bestByEntry.set(entryNumber, { entryNumber, listedName: text, nameKind: kind, scorePpm });
        }
      }
    }
    const candidates = [...bestByEntry.values()].sort(
      (a, b) => b.scorePpm - a.scorePpm || a.entryNumber - b.entryNumber,
    );
    return { bestScorePpm, candidates };
  }
}

function meanOfBest(
  scoresByQueryWord: readonly Float64Array[],
  wordIndexes: readonly number[],
): number {
  let sum = 0;
  for (const scores of scoresByQueryWord) {
    let best = 0;
    for (const index of wordIndexes) {
      best = Math.max(best, scores[index] ?? 0);
    }
    sum += best;
  }
  return scoresByQueryWord.length === 0 ? 0 : sum / scoresByQueryWord.length;
}
