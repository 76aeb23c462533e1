import type { ListedEntry, ListedName } from './listed-entry.js';
import { listedForms, NameTable, queryForms } from './name-table.js';

/** Of a name that is screened against. OFAC does not expect weak aliases to be (they are common words). */
type StrongKind = Exclude<ListedName['kind'], 'weak'>;

/** A listed name that scored at or above the threshold. */
export interface ScreeningCandidate {
  readonly entryNumber: number;
  readonly listedName: string;
  readonly nameKind: StrongKind;
  readonly scorePpm: number;
}

export interface ScreeningResult {
  /** Of every strong name on the list, also below the threshold. */
  readonly bestScorePpm: number;
  /** One for each listed entry, best first. */
  readonly candidates: readonly ScreeningCandidate[];
  /** False if one of the names says nothing that could be compared; that is never clear. */
  readonly isComparable: boolean;
}

interface StrongName {
  readonly entryNumber: number;
  readonly kind: StrongKind;
  readonly text: string;
}

const onePpm = 1_000_000;

/** A score as parts per million, so that thresholds compare integers. */
export function toPpm(score: number): number {
  return Math.round(score * onePpm);
}

/** A list ready for screening. */
export class ScreeningIndex {
  readonly entryCount: number;
  private readonly names: readonly StrongName[];
  private readonly spelled = new NameTable();
  private readonly sounded = new NameTable();

  constructor(entries: readonly ListedEntry[]) {
    this.entryCount = entries.length;
    this.names = entries.flatMap(({ entryNumber, names }) =>
      names.flatMap(({ kind, text }) => (kind === 'weak' ? [] : [{ entryNumber, kind, text }])),
    );
    const individuals = new Set(
      entries.filter(({ kind }) => kind === 'individual').map(({ entryNumber }) => entryNumber),
    );
    for (const [place, { entryNumber, text }] of this.names.entries()) {
      const forms = listedForms(text, !individuals.has(entryNumber));
      forms.spelled.forEach((form) => this.spelled.add(place, form));
      forms.sounded.forEach((form) => this.sounded.add(place, form));
    }
  }

  /** Compares a name and its aliases with every strong name of the list. */
  screen(
    names: readonly string[],
    thresholdPpm: number,
    { isOrganisation = false }: { readonly isOrganisation?: boolean } = {},
  ): ScreeningResult {
    const queries = names.map((name) => queryForms(name, isOrganisation));
    const scores = new Float64Array(this.names.length);
    for (const { spelled, sounded } of queries) {
      spelled.forEach((query) => this.spelled.raise(scores, query));
      sounded.forEach((query) => this.sounded.raise(scores, query));
    }
    const bestByEntry = new Map<number, ScreeningCandidate>();
    let bestScorePpm = 0;
    for (const [place, { entryNumber, kind, text }] of this.names.entries()) {
      const scorePpm = toPpm(scores[place] ?? 0);
      bestScorePpm = Math.max(bestScorePpm, scorePpm);
      const known = bestByEntry.get(entryNumber)?.scorePpm ?? thresholdPpm - 1;
      if (scorePpm > known) {
        bestByEntry.set(entryNumber, { entryNumber, listedName: text, nameKind: kind, scorePpm });
      }
    }
    const candidates = [...bestByEntry.values()].sort(
      (a, b) => b.scorePpm - a.scorePpm || a.entryNumber - b.entryNumber,
    );
    return {
      bestScorePpm,
      candidates,
      isComparable: queries.length > 0 && queries.every((query) => query.isComparable),
    };
  }
}
