import { ownIneligibility, type PartyStanding } from '@specie/eligibility';
import type { BatchFacts, WriterRequest } from '@specie/event-sourcing';
import { keyOf } from './chosen-ids.js';
import { firstUse } from './first-use.js';
import { type EarlierUse } from './shard.commands.js';
import type { ShardCommand, Facts } from './shard.commands.js';
import type { ShardDecision } from './shard-rejections.js';
import type { ShardEvent } from './shard.events.js';
import type { MatchingPort } from './matching-port.js';

/** Where the facts of the shard's commands come from. */
export interface FactSources {
  /** What the log already holds under the ids of these commands, by `keyOf`. */
  readonly earlierUses: (
    commands: readonly ShardCommand[],
  ) => Promise<ReadonlyMap<string, EarlierUse>>;
  /** How each of these parties stands at the instant `at`. */
  readonly partyStandings: (
    partyIds: readonly string[],
    at: string,
  ) => Promise<ReadonlyMap<string, PartyStanding>>;
  readonly tradeIdOf: Facts['tradeIdOf'];
}

type Request = WriterRequest<ShardCommand, ShardEvent>;

/** The facts of every batch that is decided on `engine`. */
export function shardFactsOn(engine: MatchingPort, sources: FactSources): () => ShardFacts {
  const inFlight = new Map<string, EarlierUse>();
  return () => new ShardFacts(engine, sources, inFlight);
}

/**
 * What the commands of one batch must know beyond memory: what their ids were used for before, and who of those that they
 * can meet may trade. Both are asked once for the whole batch; parties again only where one turns out not to be eligible.
 */
class ShardFacts implements BatchFacts<Request, Facts, ShardDecision> {
  /** By `keyOf`; ids whose appends are under way included. */
  private readonly earlier: Map<string, EarlierUse>;
  private readonly standings = new Map<string, PartyStanding>();
  private hasAskedForIds = false;

  constructor(
    private readonly engine: MatchingPort,
    private readonly sources: FactSources,
    private readonly inFlight: Map<string, EarlierUse>,
  ) {
    this.earlier = new Map(inFlight);
  }

  learn(requests: readonly Request[]): Promise<void> | undefined {
    const commands = requests.map(({ command }) => command);
    const unknown = this.unknownParties(commands);
    if (this.hasAskedForIds && unknown.length === 0) {
      return undefined;
    }
    const at = requests.reduce(
      (latest, { context }) => (context.now > latest ? context.now : latest),
      '',
    );
    return this.ask(commands, unknown, at);
  }

  factsOf({ command, context }: Request): Facts {
    const { earlier, standings, sources } = this;
    const key = keyOf(command);
    const own =
      'partyId' in command && command.partyId === context.actor
        ? standings.get(command.partyId)
        : undefined;
    const ineligibility = own && ownIneligibility(own, 'trade');
    return {
      isKnownParty: (partyId) => (standings.get(partyId) ?? 'unknown') !== 'unknown',
      isEligible: (partyId) => standings.get(partyId) === 'eligible',
      ...(ineligibility ? { ineligibility } : {}),
      earlier: key === null ? null : (earlier.get(key) ?? null),
      tradeIdOf: sources.tradeIdOf,
    };
  }

  decided({ command }: Request, decision: ShardDecision): (() => void) | undefined {
    const named = firstUse(command, decision);
    if (!named) {
      return undefined;
    }
    const { key, use } = named;
    this.earlier.set(key, use);
    this.inFlight.set(key, use);
    return () => this.inFlight.delete(key);
  }

  private async ask(
    commands: readonly ShardCommand[],
    unknown: readonly string[],
    at: string,
  ): Promise<void> {
    await Promise.all([this.askForIds(commands), this.askForParties(commands, unknown, at)]);
  }

  private async askForIds(commands: readonly ShardCommand[]): Promise<void> {
    if (!this.hasAskedForIds) {
      this.hasAskedForIds = true;
      const stored = await this.sources.earlierUses(commands);
      stored.forEach((use, key) => this.earlier.set(key, use));
    }
  }

  private async askForParties(
    commands: readonly ShardCommand[],
    unknown: readonly string[],
    at: string,
  ): Promise<void> {
    for (let asked = unknown; asked.length > 0; asked = this.unknownParties(commands)) {
      const found = await this.sources.partyStandings(asked, at);
      asked.forEach((partyId) => this.standings.set(partyId, found.get(partyId) ?? 'unknown'));
    }
  }

  private unknownParties(commands: readonly ShardCommand[]): readonly string[] {
    const concerned = this.engine.partiesConcerned(
      commands,
      (partyId) => (this.standings.get(partyId) ?? 'eligible') === 'eligible',
    );
    return [...concerned].filter((partyId) => !this.standings.has(partyId));
  }
}
