import { ListRefusedError, textOfProblem, type ListProblem } from './list-file.js';
import { shrunkFiles, type ListCounts, type OfacList } from './ofac-list.js';

/** A list that was accepted once. */
export interface AcceptedList extends ListCounts {
  readonly version: string;
  readonly inForce: boolean;
}

/** A newer list that is not taken, and why; the one before it stays in force. */
export interface RefusedList {
  /** Null if the files could not even be read. */
  readonly version: string | null;
  /** Such as "sdn.csv line 2: quotes_unbalanced"; the first hundred. */
  readonly problems: readonly string[];
}

export type ListDecision =
  | { readonly outcome: 'in_force' }
  | { readonly outcome: 'taken'; readonly list: OfacList; readonly replaces: string | null }
  | { readonly outcome: 'refused'; readonly refusal: RefusedList };

const problemsShownMax = 100;

/**
 * What becomes of the files at hand. A list from before and one that has shrunk are refused unless theirs is the
 * `acceptedVersion`.
 */
export function decideOnList(
  files: { readonly version: string; readonly read: () => OfacList },
  {
    known,
    acceptedVersion,
  }: { readonly known: readonly AcceptedList[]; readonly acceptedVersion: string | undefined },
): ListDecision {
  const { version } = files;
  const current = known.find(({ inForce }) => inForce);
  if (current?.version === version) return { outcome: 'in_force' };
  const isNamed = version === acceptedVersion;
  if (!isNamed && known.some((list) => list.version === version)) {
    return {
      outcome: 'refused',
      refusal: { version, problems: ['older than the list in force'] },
    };
  }
  let list: OfacList;
  try {
    list = files.read();
  } catch (error) {
    if (error instanceof ListRefusedError) {
      return { outcome: 'refused', refusal: refusalOf(version, error.problems) };
    }
    throw error;
  }
  const shrunk = current === undefined || isNamed ? [] : shrunkFiles(current, list);
  return shrunk.length > 0
    ? { outcome: 'refused', refusal: refusalOf(version, shrunk) }
    : { outcome: 'taken', list, replaces: current?.version ?? null };
}

export function refusalOf(version: string | null, problems: readonly ListProblem[]): RefusedList {
  return { version, problems: problems.slice(0, problemsShownMax).map(textOfProblem) };
}
