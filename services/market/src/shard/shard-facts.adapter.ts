import { derivedId } from '@specie/contracts/ids';
import { ownIneligibility, type PartyStanding } from '@specie/eligibility';
import type { BatchFacts, CommandContext, WriterRequest } from '@specie/event-sourcing';
import { keyOf } from './chosen-ids.js';
import { epochMsOf } from './core-commands.js';
import type { FactSources } from './fact-sources.js';
import { firstUse } from './first-use.js';
import type { PartyStandings } from './party-standings.js';
import type { EarlierUse, Facts, ShardCommand } from './shard.commands.js';
import type { ShardEvent } from './shard-events.js';
import type { ShardEngine } from './shard-engine.js';
import type { ShardDecision } from './shard-rejections.js';

type Request = WriterRequest<ShardCommand, ShardEvent>;

/** The facts of every batch that is decided on `engine`; `standings` are those of its parties. */
export function shardFactsOn(
  engine: ShardEngine,
  standings: PartyStandings,
  sources: FactSources,
): () => ShardFacts {
  const inFlight = new Map<string, EarlierUse>();
  return () => new ShardFacts(engine, sources, standings, inFlight);
}

/**
 * What the commands of one batch must know beyond memory: what their ids were used for before, and who may trade. Both
 * are asked once for the whole batch, standings only where they are not known or may have changed.
 */
class ShardFacts implements BatchFacts<Request, Facts, ShardDecision> {
  /** By `keyOf`; ids whose appends are under way included. */
  private readonly earlier: Map<string, EarlierUse>;
  private readonly askedFor = new Set<string>();
  private hasAsked = false;

  constructor(
    private readonly engine: ShardEngine,
    private readonly sources: FactSources,
    private readonly standings: PartyStandings,
    private readonly inFlight: Map<string, EarlierUse>,
  ) {
    this.earlier = new Map(inFlight);
  }

  learn(requests: readonly Request[]): Promise<void> | undefined {
    const unknown = this.unknownIds(requests.map(({ command }) => command));
    if (this.hasAsked) {
      return unknown.length > 0 ? this.askForIds(unknown) : undefined;
    }
    this.hasAsked = true;
    const at = requests.reduce(
      (latest, { context }) => (context.now > latest ? context.now : latest),
      '',
    );
    return this.ask(
      requests.map(({ command }) => command),
      unknown,
      at,
    );
  }

  factsOf({ command, context }: Request): Facts {
    const key = keyOf(command);
    const at = context.now;
    const own =
      'partyId' in command && command.partyId === context.actor
        ? this.standings.of(command.partyId, at)
        : undefined;
    const ineligibility = own && ownIneligibility(own, 'trade');
    const standing = (partyId: string): PartyStanding => this.standings.of(partyId, at);
    return {
      isKnownParty: (partyId) => standing(partyId) !== 'unknown',
      isEligible: (partyId) => standing(partyId) === 'eligible',
      ...(ineligibility ? { ineligibility } : {}),
      earlier: key === null ? null : (this.earlier.get(key) ?? null),
      tradeIdOf: this.sources.tradeIdOf,
    };
  }

  /**
   * Orders that expired leave the book before anything else happens, those whose party may no longer trade before
   * anything meets them: what cannot trade waits for no standings, which may still be on their way after a restore.
   */
  preceding({ command, context }: Request): readonly Request[] {
    const { venue } = this.engine;
    const nowMs = epochMsOf(context.now);
    const due = venue.core.nextExpiry();
    const isGtd = command.kind === 'place-order' && command.timeInForce === 'GTD';
    if ((due > 0 && due <= nowMs) || (isGtd && venue.core.time < nowMs)) {
      return [
        { command: { kind: 'advance-time', at: context.now }, context: own(context, 'time') },
      ];
    }
    return this.barredBefore(command, context.now).map((partyId) => ({
      command: { kind: 'mass-cancel', partyId, reason: 'ineligible' },
      context: own(context, partyId),
    }));
  }

  private barredBefore({ kind }: ShardCommand, at: string): readonly string[] {
    const { orders } = this.engine.venue;
    if (kind === 'advance-time') return this.standings.barredByCompliance(orders, at);
    return mayTrade(kind) ? this.standings.barred(orders, at) : [];
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

  /** Commands whose id may have been used before; an open order is known without asking. */
  private unknownIds(commands: readonly ShardCommand[]): readonly ShardCommand[] {
    return commands.filter((command) => {
      const key = keyOf(command);
      const isOpen =
        (command.kind === 'cancel-order' || command.kind === 'replace-order') &&
        this.engine.venue.orders.named(command) !== undefined;
      return key !== null && !isOpen && !this.earlier.has(key) && !this.askedFor.has(key);
    });
  }

  private async askForIds(commands: readonly ShardCommand[]): Promise<void> {
    commands.forEach((command) => this.askedFor.add(keyOf(command) ?? ''));
    const stored = await this.sources.earlierUses(commands);
    stored.forEach((use, key) => this.earlier.set(key, use));
  }

  private async ask(
    commands: readonly ShardCommand[],
    unknown: readonly ShardCommand[],
    at: string,
  ): Promise<void> {
    const asking = commands.flatMap((command) =>
      asksForStanding(command) ? [command.partyId] : [],
    );
    await Promise.all([
      unknown.length > 0 ? this.askForIds(unknown) : undefined,
      this.standings.refresh(asking, { orders: this.engine.venue.orders, at }),
    ]);
  }
}

function asksForStanding(
  command: ShardCommand,
): command is Extract<ShardCommand, { readonly partyId: string }> {
  return (
    command.kind === 'place-order' ||
    command.kind === 'replace-order' ||
    command.kind === 'withdraw-cash' ||
    command.kind === 'request-withdrawal'
  );
}

/** Whether orders may meet in the command. */
function mayTrade(kind: ShardCommand['kind']): boolean {
  return kind === 'place-order' || kind === 'replace-order' || kind === 'change-phase';
}

/** The context of what the shard does by itself before a command. */
function own({ commandId, correlationId, now }: CommandContext, what: string): CommandContext {
  return {
    commandId: derivedId('preceding', commandId, what),
    now,
    actor: 'service:market',
    correlationId,
    causationId: commandId,
  };
}
