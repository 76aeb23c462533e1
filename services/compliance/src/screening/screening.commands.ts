import type { PartyCommand } from '../party/party.commands.js';

/** What comparing the name with the list gave; the name itself stays outside the domain. */
export type RecordScreening = PartyCommand<{
  readonly screeningId: string;
  readonly listVersion: string;
  readonly thresholdPpm: number;
  readonly bestScorePpm: number;
  readonly candidateCount: number;
  /** False if a name says nothing that could be compared, or is not there. */
  readonly isComparable: boolean;
}>;

export type ResolveAlert = PartyCommand<{
  readonly screeningId: string;
  readonly resolution: 'false_positive' | 'true_match';
}>;
