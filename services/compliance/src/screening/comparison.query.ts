import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type SideRows } from '@specie/event-sourcing';
import { NotFound, Unavailable } from '@specie/nest-platform';
import { partyStream } from '../party/party.state.js';
import { PersonalDataQuery } from '../personal-data/personal-data.query.js';
import { SanctionsListQuery } from '../sanctions-list/sanctions-list.query.js';
import type { RecordScreening } from './screening.commands.js';
import { candidateTable } from './screening.table.js';

/** OFAC's own search alerts from here on; recall comes first, officers sort the rest. */
const thresholdPpm = 800_000;

/** What comparing a party with the list in force gave. */
export interface Comparison {
  readonly data: RecordScreening['data'];
  /** The candidates, to be written with the event. */
  readonly sideRows: readonly SideRows[];
}

/** Compares the names of parties with the list in force. */
@Injectable()
export class ComparisonQuery {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(PersonalDataQuery) private readonly personalData: PersonalDataQuery,
    @Inject(SanctionsListQuery) private readonly lists: SanctionsListQuery,
  ) {}

  /**
   * A party whose name is not on file, because it was erased, cannot be compared.
   *
   * @throws NotFound `party_unknown`, Unavailable `sanctions_list_missing`
   */
  async of(partyId: string, screeningId: string): Promise<Comparison> {
    const { streamId, aggregate } = partyStream(partyId);
    const { state } = await this.commands.load(streamId, aggregate);
    if (state.status === 'unknown') throw new NotFound('party_unknown');
    const list = await this.lists.inForce();
    if (!list) throw new Unavailable('sanctions_list_missing');
    const { nameHash, kind } = state.registration;
    const person = await this.personalData.of(partyId, nameHash);
    const names = person === null ? [] : [person.name, ...person.aliases];
    const { bestScorePpm, candidates, isComparable } = list.index.screen(names, thresholdPpm, {
      isOrganisation: kind !== 'person',
    });
    return {
      data: {
        ...{ partyId, screeningId, listVersion: list.version, thresholdPpm, bestScorePpm },
        candidateCount: candidates.length,
        isComparable,
      },
      sideRows: [
        candidateTable.sideRows(candidates.map((candidate) => ({ screeningId, ...candidate }))),
      ],
    };
  }
}
