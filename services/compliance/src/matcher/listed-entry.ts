export const listedKinds = ['individual', 'entity', 'vessel', 'aircraft'] as const;
export type ListedKind = (typeof listedKinds)[number];

export interface ListedName {
  readonly text: string;
  /** Weak aliases stand in the remarks only; they are evidence for an officer, never the reason for an alert. */
  readonly kind: 'primary' | 'aka' | 'fka' | 'nka' | 'weak';
}

/** One listed person, organisation, vessel or aircraft. */
export interface ListedEntry {
  readonly entryNumber: number;
  readonly kind: ListedKind;
  readonly names: readonly ListedName[];
  readonly programs: readonly string[];
  /** As published: "17 Apr 1993", "1962", "circa 1960". */
  readonly birthDates: readonly string[];
  readonly countries: readonly string[];
}
