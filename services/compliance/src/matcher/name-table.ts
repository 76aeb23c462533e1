import { distinctiveWords, isCompanyWord, joinInitials } from './company-words.js';
import { wordsOf } from './fold-name.js';
import { jaroWinkler, unitsOf, type Units } from './jaro-winkler.js';
import { wholeScore, wordScore, wordsThatCount, type PreparedName } from './ofac-emulation.js';
import { readingsOf, soundOf } from './readings.js';

/** One way to look for a name. */
export interface Query {
  readonly form: PreparedName;
  readonly words: readonly QueryWord[];
  readonly whole: (query: PreparedName, listed: PreparedName) => number;
}

interface QueryWord {
  readonly units: Units;
  readonly weight: number;
  readonly score: (query: Units, listed: Units) => number;
}

/** Every way to compare a name that is looked for. */
export interface QueryForms {
  /** As spelled, against `ListedForms.spelled`. */
  readonly spelled: readonly Query[];
  /** As it sounds, against `ListedForms.sounded`. */
  readonly sounded: readonly Query[];
  readonly isComparable: boolean;
}

export interface ListedForms {
  readonly spelled: readonly PreparedName[];
  readonly sounded: readonly PreparedName[];
}

/** A name that is looked for. A person's name may be a company word, such as the surname "Pao". */
export function queryForms(name: string, isOrganisation: boolean): QueryForms {
  const readings = readingsOf(name);
  const spelled = readings.spelled.flatMap((reading) => spellings(reading, isOrganisation));
  const sounded = readings.transliterated.flatMap((reading) => spellings(reading, isOrganisation));
  return {
    spelled: distinct(spelled).map(spelledQuery),
    sounded: distinct(sounded.map(({ words }) => ({ words: soundsOf(words), initials: none }))).map(
      ({ words }) => soundedQuery(words, readings.isTranscription),
    ),
    isComparable: readings.isComparable && spelled.length > 0,
  };
}

/** A name on the list; one of company words alone is kept as it is. */
export function listedForms(name: string, isOrganisation: boolean): ListedForms {
  const spelled = readingsOf(name).spelled.flatMap((reading) => {
    const ways = spellings(reading, isOrganisation);
    return ways.length > 0 ? ways : [{ words: wordsOf(reading), initials: none }];
  });
  const sounded = spelled.map(({ words }) => ({ words: soundsOf(words), initials: none }));
  return {
    spelled: distinct(spelled).map(({ words }) => prepared(words)),
    sounded: distinct(sounded).map(({ words }) => prepared(words)),
  };
}

interface Spelling {
  readonly words: readonly string[];
  readonly initials: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

/** The distinctive words of a reading; of a person also with the initials apart, as they stand for names. */
function spellings(reading: string, isOrganisation: boolean): readonly Spelling[] {
  const words = wordsOf(reading);
  const joined = joinInitials(words);
  const initials = new Set(joined.filter((word) => word.length > 1 && !words.includes(word)));
  // Initials may stand for names, but not where a name has nothing else to compare.
  const isAbbreviated = words.some((word) => word.length > 1 && !isCompanyWord(word));
  const ways =
    isOrganisation || initials.size === 0 || !isAbbreviated
      ? [{ words: joined, initials }]
      : [
          { words, initials: none },
          { words: joined, initials },
        ];
  return ways
    .map((way) => ({ ...way, words: distinctiveWords(way.words, isOrganisation) }))
    .filter((way) => way.words.length > 0);
}

function soundsOf(words: readonly string[]): readonly string[] {
  return words.map(soundOf).filter(Boolean);
}

function distinct(ways: readonly Spelling[]): readonly Spelling[] {
  const byText = new Map(ways.map((way) => [way.words.join(' '), way]));
  byText.delete('');
  return [...byText.values()];
}

function prepared(words: readonly string[]): PreparedName {
  const text = words.join(' ');
  return { text, whole: unitsOf(text), words: words.map(unitsOf) };
}

/** Initials are a word of their own and few letters: near ones are other ones. */
function spelledQuery({ words, initials }: Spelling): Query {
  const form = prepared(words);
  const isInitials = (units: Units): boolean => initials.has(String.fromCharCode(...units));
  const counting = new Set([...wordsThatCount(form), ...form.words.filter(isInitials)]);
  return {
    form,
    words: [...counting].map((units) => ({
      units,
      weight: 1,
      score: isInitials(units) ? equalScore : wordScore,
    })),
    whole: initials.size > 0 ? equalScoreOfWholes : wholeScore,
  };
}

/** By sound many short words are alike, so they count by their length. */
function soundedQuery(words: readonly string[], isTranscription: boolean): Query {
  const form = prepared(words);
  return {
    form,
    words: form.words.map((units) => ({
      units,
      weight: units.length,
      score: isTranscription ? wordScore : soundScore,
    })),
    whole: () => 0,
  };
}

const soundLengthMin = 4;
const soundScoreFloor = 0.9;

function soundScore(query: Units, listed: Units): number {
  if (Math.min(query.length, listed.length) < soundLengthMin) {
    return equalScore(query, listed);
  }
  const score = jaroWinkler(query, listed);
  return score < soundScoreFloor ? 0 : score;
}

function equalScore(query: Units, listed: Units): number {
  return query.length === listed.length && query.every((unit, place) => unit === listed[place])
    ? 1
    : 0;
}

function equalScoreOfWholes(query: PreparedName, listed: PreparedName): number {
  return query.text === listed.text ? 1 : 0;
}

interface Row {
  /** Place of the listed name this is a form of. */
  readonly name: number;
  readonly form: PreparedName;
  /** Places in `words`. */
  readonly wordIndexes: readonly number[];
}

/**
 * Forms of listed names, ready to be compared. Distinct words are compared once per query word, not once per
 * name, which is what makes a whole list cheap.
 */
export class NameTable {
  private readonly rows: Row[] = [];
  private readonly words: Units[] = [];
  private readonly indexByWord = new Map<string, number>();

  add(name: number, form: PreparedName): void {
    const wordIndexes = wordsOf(form.text).map((text) => {
      const index = this.indexByWord.get(text) ?? this.words.push(unitsOf(text)) - 1;
      this.indexByWord.set(text, index);
      return index;
    });
    this.rows.push({ name, form, wordIndexes });
  }

  /** Raises the scores (0 to 1) of listed names to what `query` gives them. */
  raise(scores: Float64Array, { form: queried, words, whole }: Query): void {
    const compared = words.map(({ units, weight, score }) => ({
      weight,
      scores: Float64Array.from(this.words, (listed) => score(units, listed)),
    }));
    const totalWeight = words.reduce((sum, { weight }) => sum + weight, 0);
    for (const { name, form, wordIndexes } of this.rows) {
      let sum = 0;
      for (const { weight, scores: byWord } of compared) {
        let best = 0;
        for (const index of wordIndexes) {
          best = Math.max(best, byWord[index] ?? 0);
        }
        sum += best * weight;
      }
      const byWords = totalWeight === 0 ? 0 : sum / totalWeight;
      scores[name] = Math.max(scores[name] ?? 0, byWords, whole(queried, form));
    }
  }
}
