import type { RecordScreening } from '../domain/party/party.commands.js';
import type { KnownParty } from '../domain/party/party.state.js';
import type { ScreeningCandidate } from '../domain/screening/screening-index.js';
import type { PersonalDataStore } from './personal-data.js';
import type { ListInForce } from './sanctions-lists.js';

/** OFAC's own search alerts from here on; recall comes first, officers sort the rest. */
const thresholdPpm = 800_000;

/** What comparing a party with a list gave. */
export interface Comparison {
  readonly result: Omit<RecordScreening['data'], 'partyId' | 'screeningId'>;
  readonly candidates: readonly ScreeningCandidate[];
}

/** Compares the names of parties with a list. */
export class Screener {
  constructor(private readonly personalData: PersonalDataStore) {}

  /** A party whose name is not on file, because it was erased, cannot be compared. */
  async compare(party: KnownParty, list: ListInForce): Promise<Comparison> {
    const { partyId, nameHash, kind } = party.registration;
    const person = await this.personalData.find(partyId, nameHash);
    const names = person === null ? [] : [person.name, ...person.aliases];
    const { bestScorePpm, candidates, isComparable } = list.index.screen(names, thresholdPpm, {
      isOrganisation: kind !== 'person',
    });
    return {
      result: {
        listVersion: list.version,
        thresholdPpm,
        bestScorePpm,
        candidateCount: candidates.length,
        isComparable,
      },
      candidates,
    };
  }
}
