import type { EvidenceSubmitted, PartyRegistered } from '@specie/contracts';
import type { CommandMetadata } from '@specie/event-sourcing';

export type PartyKind = PartyRegistered['data']['kind'];
export type EvidenceKind = EvidenceSubmitted['data']['kind'];

export interface PartyCommand<Data> {
  readonly data: Data & { readonly partyId: string };
  readonly metadata: CommandMetadata;
}

export type RegisterParty = PartyCommand<{
  readonly kind: PartyKind;
  readonly country: string;
  readonly nameHash: string;
  /** Keyed hash of the name, the aliases, the birth date and the address as filed. */
  readonly particularsHash: string;
  /** The same of what a party has on file whose registration is older than that hash; null if nothing is. */
  readonly particularsHashOnFile: string | null;
}>;

export type SubmitEvidence = PartyCommand<{
  readonly evidenceId: string;
  readonly kind: EvidenceKind;
  readonly documentHash: string;
  readonly expiresAt: string;
}>;

export type ApproveParty = PartyCommand<{
  /** Hash of the evidence the approver saw. */
  readonly evidenceHash: string;
  /** Hash of the evidence on file now (`evidenceManifest`). */
  readonly evidenceHashOnFile: string;
  /** Version of the sanctions list in force; null while there is none. */
  readonly listVersion: string | null;
}>;

export type FreezeParty = PartyCommand<{ readonly reason: string }>;
/** `listVersion` as in `ApproveParty`. */
export type UnfreezeParty = PartyCommand<{ readonly listVersion: string | null }>;
