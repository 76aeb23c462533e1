/** The system invariants; docs/architecture.md and DESIGN say them in full. */
export const invariantNames = [
  'S1',
  'S2',
  'S3',
  'S4',
  'S5',
  'S6',
  'S7',
  'S8',
  'S9',
  'S10',
] as const;
export type InvariantName = (typeof invariantNames)[number];
