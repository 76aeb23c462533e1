import { streamIdPattern, streamIds, type EligibilityPublished } from '@specie/contracts';
import { partitionOf } from '@specie/event-bus';
import type { DataSource, EntityManager } from 'typeorm';

export type EligibleAction = EligibilityPublished['data']['actions'][number];

/** Why a party may not do something, as far as this service knows. `behind`: what compliance said last may say more. */
export type Ineligibility =
  'unknown' | 'frozen' | 'expired' | 'not_permitted' | 'not_accredited' | 'behind';

/** How a party stands to an action; `unknown` is a party that compliance never told of. */
export type PartyStanding = 'eligible' | Ineligibility;

/** How a party stands now, and when what it rests on ends. */
export interface TimedStanding {
  readonly standing: PartyStanding;
  /** Null for a party that compliance never told of. */
  readonly validUntil: Date | null;
}

export interface EligibilityDirectoryOptions {
  /** The consumer of this service: whose parked events and halts count. */
  readonly consumer: string;
  /** As set. Where compliance's topic has another, nobody can say whose a halted partition is: all are refused. */
  readonly partitionCount: number;
}

/**
 * Answers what a party may do from the local copy. Fails closed: no copy, a freeze or an expiry mean refusal, and so
 * does anything compliance said that this service could not take in. That is a parked event of the party, one of the
 * party's partition of which nobody can say whose it is, or a partition that stands still: behind each a freeze may wait.
 */
export class EligibilityDirectory {
  private readonly options: EligibilityDirectoryOptions;

  constructor(options: EligibilityDirectoryOptions) {
    this.options = options;
  }

  async check(
    database: DataSource | EntityManager,
    partyId: string,
    action: EligibleAction,
    at: string,
  ): Promise<'eligible' | 'party_ineligible'> {
    const standings = await this.standings(database, [partyId], action, at);
    return standings.get(partyId) === 'eligible' ? 'eligible' : 'party_ineligible';
  }

  /** How each of the parties stands to `action`, by one query. */
  async standings(
    database: DataSource | EntityManager,
    partyIds: readonly string[],
    action: EligibleAction,
    at: string,
  ): Promise<ReadonlyMap<string, PartyStanding>> {
    const timed = await this.timedStandings(database, partyIds, action, at);
    return new Map([...timed].map(([partyId, { standing }]) => [partyId, standing]));
  }

  /**
   * A text that changes with everything that standings rest on, but not with time: as long as it is the same, a standing
   * that was read stands until its `validUntil`.
   */
  async changeMark(database: DataSource | EntityManager): Promise<string> {
    const [row] = await database.query<{ readonly mark: string }[]>(
      `select concat_ws(' ',
          (select version from eligibility_version),
          (select string_agg(partition || '/' || stream_id, ',' order by partition, stream_id)
             from parked_event where consumer = $1 and source = 'compliance' and discarded_at is null),
          (select string_agg(partition || ':' || coalesce(partition_count, 0), ',' order by partition)
             from consumption_halt where consumer = $1 and source = 'compliance')) as mark`,
      [this.options.consumer],
    );
    return row?.mark ?? '';
  }

  /** As `standings`, with the time at which each of them ends. */
  async timedStandings(
    database: DataSource | EntityManager,
    partyIds: readonly string[],
    action: EligibleAction,
    at: string,
  ): Promise<ReadonlyMap<string, TimedStanding>> {
    const { consumer, partitionCount } = this.options;
    const partitions = partyIds.map((partyId) =>
      partitionOf(streamIds.party(partyId), partitionCount),
    );
    const rows = await database.query<
      {
        readonly party_id: string;
        readonly standing: PartyStanding;
        readonly valid_until: Date;
      }[]
    >(
      `select party_id, valid_until,
          case when frozen then 'frozen'
               when valid_until <= $4 then 'expired'
               when $3 <> all(actions) then case when accredited then 'not_permitted' else 'not_accredited' end
               when exists (
                 select from parked_event parked
                  where parked.consumer = $5 and parked.source = 'compliance' and parked.discarded_at is null
                    and (parked.stream_id = 'party-' || party_id
                         or (parked.partition = asked.partition and parked.stream_id !~ $6))) then 'behind'
               when exists (
                 select from consumption_halt halt
                  where halt.consumer = $5 and halt.source = 'compliance'
                    and (halt.partition = asked.partition or halt.partition_count is distinct from $7)) then 'behind'
               else 'eligible' end as standing
         from unnest($1::uuid[], $2::int[]) as asked (party_id, partition) join eligibility using (party_id)`,
      [partyIds, partitions, action, at, consumer, streamIdPattern.source, partitionCount],
    );
    const known = new Map(
      rows.map((row) => [row.party_id, { standing: row.standing, validUntil: row.valid_until }]),
    );
    const unknown: TimedStanding = { standing: 'unknown', validUntil: null };
    return new Map(partyIds.map((partyId) => [partyId, known.get(partyId) ?? unknown]));
  }
}
