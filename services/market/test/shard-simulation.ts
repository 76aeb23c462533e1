import { eventCodec } from '@specie/contracts';
import type { TimedStanding } from '@specie/eligibility';
import type { CommandContext, Handled } from '@specie/event-sourcing';
import type { EngineLimits } from '@specie/matching-core';
import { microTokens } from '@specie/quantities';
import { BreakingStore, pick, randomFrom, type RandomBelow } from '@specie/testing';
import { askedBy } from '../src/shard/asked.js';
import { contentOf, keyOf, namesSomething } from '../src/shard/chosen-ids.js';
import type { PlaceOrderRejection } from '../src/shard/order-rejections.js';
import type { EarlierUse, ShardCommand } from '../src/shard/shard.commands.js';
import { ShardEngine } from '../src/shard/shard-engine.js';
import { shardStreamId, type ShardEvent } from '../src/shard/shard-events.js';
import { ShardWriter } from '../src/shard/shard-writer.adapter.js';
import type { ShardRejection } from '../src/shard/shard-rejections.js';
import { partyIds, RandomCommands, uuidOf } from './random-commands.js';

/** The smaller they are, the sooner a new memory is made. */
const limits: Partial<EngineLimits> = {
  orderCapacity: 1_024,
  accountCapacity: 16,
  bookCapacity: 4,
  ladderTicks: 1_024,
  tradeHistory: 64,
};
const tradeIdOf = (n: number): string => uuidOf(3, n);

export class Simulation {
  readonly random: RandomBelow;
  readonly store: BreakingStore;
  readonly writer: ShardWriter;
  readonly ineligible = new Set<string>();
  private readonly commands: RandomCommands;
  private commandCount = 0;
  private standingsVersion = 0;
  /** Quantity of every escrow movement that was told, by `keyOf` its credit. */
  readonly escrowed = new Map<string, bigint>();
  private readonly sent: ShardCommand[] = [];
  /** What was read of the log so far. */
  private readonly recorded = { version: 0, lastCommandId: '', commands: [] as ShardEvent[][] };
  private readonly uses = new Map<string, EarlierUse>();
  private usesRead = 0;

  /** `lostPercent` of the appends are lost, and as many again commit unheard. */
  constructor(seed: number, lostPercent = 3) {
    this.random = randomFrom(seed);
    this.commands = new RandomCommands(this.random);
    this.store = new BreakingStore(this.random, lostPercent);
    this.writer = this.newWriter();
  }

  /** Becomes the writer, opens every book and gives every party something to trade. */
  async open(): Promise<void> {
    await this.writer.open();
    for (const command of this.commands.opening()) {
      const isBook = command.kind === 'open-book';
      // Most orders are to be accepted.
      const steps = { lotStep: 1, priceStepTicks: 1, minimumNotional: 0 };
      await this.send(this.noted(isBook ? { ...command, ...steps } : command));
    }
  }

  /** Releases every kill switch. */
  async revive(): Promise<void> {
    for (const [partyId, held] of this.engine.venue.killSwitches) {
      for (const by of ['party', 'operator'] as const) {
        if (held[by]) await this.send({ kind: 'set-kill-switch', partyId, engaged: false, by });
      }
    }
  }

  /** The memory of the writer. */
  get engine(): ShardEngine {
    const engine = this.writer['engine'];
    if (!engine) throw new Error('the writer is not open');
    return engine;
  }

  /** Now and then another party may not trade. */
  barAnother(): void {
    if (this.random(4) === 0) {
      this.bar([pick(partyIds, this.random)]);
    }
  }

  bar(barred: readonly string[]): void {
    this.ineligible.clear();
    barred.forEach((partyId) => this.ineligible.add(partyId));
    this.standingsVersion += 1;
  }

  newWriter(): ShardWriter {
    return new ShardWriter({
      store: this.store,
      codec: eventCodec,
      limits,
      earlierUses: () => this.earlierUses(),
      partyStandings: (ids) => Promise.resolve(new Map(ids.map((id) => [id, this.standing(id)]))),
      standingsMark: () => Promise.resolve(String(this.standingsVersion)),
      tradeIdOf,
    });
  }

  private standing(partyId: string): TimedStanding {
    const standing = this.ineligible.has(partyId) ? 'frozen' : 'eligible';
    return { standing, validUntil: new Date('2099-01-01T00:00:00.000Z') };
  }

  /** Sends one command as a client would: the same one again, with the same key, until it is answered. */
  async send(command: ShardCommand): Promise<Handled<ShardRejection>> {
    const context = this.newContext();
    for (let attempt = 1; attempt <= 100; attempt += 1) {
      const handled = await this.submit(command, context);
      if (handled.outcome !== 'contended') {
        return handled;
      }
    }
    throw new Error('a command was never answered');
  }

  /** Asks what the command would lead to. */
  preview(command: ShardCommand): Promise<Handled<ShardRejection>> {
    return this.submit(command, { ...this.newContext(), dryRun: true });
  }

  /** Has everything done that is due before the next command. */
  async settle(): Promise<void> {
    await this.send({ kind: 'advance-time', at: this.commands.now });
    const unknown = { orderId: uuidOf(9, 0), priceTicks: 1, quantityLots: 1 };
    await this.send({ kind: 'replace-order', partyId: uuidOf(9, 0), ...unknown });
  }

  private submit(command: ShardCommand, context: CommandContext): Promise<Handled<ShardRejection>> {
    return this.writer.submit({
      command,
      context,
      answer: (_events, streamVersion) => streamVersion,
    });
  }

  private newContext(): CommandContext {
    this.commandCount += 1;
    const commandId = `${uuidOf(9, 0).slice(0, 24)}${(this.commandCount * 4_096).toString(16).padStart(12, '0')}`;
    return {
      commandId,
      now: this.commands.now,
      actor: partyIds[0] ?? '',
      correlationId: commandId,
      causationId: commandId,
      idempotency: { scope: 'simulation', key: commandId, bodyHash: commandId },
    };
  }

  /** A new command, or now and then one that was sent before. */
  randomCommand(): ShardCommand {
    const isRepeat = this.random(25) === 0 && this.sent.length > 0;
    return isRepeat
      ? pick(this.sent, this.random)
      : this.noted(this.renamed(this.commands.next(this.engine.venue)));
  }

  private noted(command: ShardCommand): ShardCommand {
    this.sent.push(command);
    if (command.kind === 'credit-tokens') {
      this.escrowed.set(keyOf(command) ?? '', command.quantity);
    }
    return command;
  }

  /** Few ids for everything, so that kinds and parties meet on them. */
  private renamed(command: ShardCommand): ShardCommand {
    if (!namesSomething(command) || this.random(3) > 0) {
      return command;
    }
    const id = uuidOf(5, this.random(200));
    switch (command.kind) {
      case 'place-order':
        return { ...command, orderId: id };
      case 'deposit-cash':
        return { ...command, depositId: id };
      case 'withdraw-cash':
      case 'request-withdrawal':
        return { ...command, withdrawalId: id };
      case 'credit-tokens': {
        // The issuer tells of a movement as often as it likes, but always the same of it.
        const credit = { ...command, escrowId: id };
        const quantity = this.escrowed.get(keyOf(credit) ?? '') ?? credit.quantity;
        return { ...credit, quantity: microTokens(quantity) };
      }
    }
  }

  async log(): Promise<readonly ShardEvent[]> {
    return (await this.recordedCommands()).flat();
  }

  /** What every id in the log was used for, read from the events alone. */
  private async earlierUses(): Promise<ReadonlyMap<string, EarlierUse>> {
    const commands = await this.recordedCommands();
    for (const event of commands.slice(this.usesRead).flat()) {
      const named = useIn(event);
      if (named) this.uses.set(named.key, named.use);
    }
    this.usesRead = commands.length;
    return this.uses;
  }

  /** The events of each command, in the order of the log. */
  async recordedCommands(): Promise<readonly (readonly ShardEvent[])[]> {
    const { recorded } = this;
    for (const one of await this.store.readStream(shardStreamId, recorded.version)) {
      // Somebody else may have read it meanwhile.
      if (one.streamVersion <= recorded.version) continue;
      const event = eventCodec.decode(one) as ShardEvent;
      if (one.commandId === recorded.lastCommandId) recorded.commands.at(-1)?.push(event);
      else recorded.commands.push([event]);
      recorded.lastCommandId = one.commandId;
      recorded.version = one.streamVersion;
    }
    return recorded.commands;
  }

  /** An engine that does again what the log says was done. */
  async replayed(): Promise<ShardEngine> {
    const engine = new ShardEngine(tradeIdOf, undefined, limits);
    (await this.recordedCommands()).forEach((events) => engine.replay({ events }));
    return engine;
  }
}

function useIn(event: ShardEvent): { readonly key: string; readonly use: EarlierUse } | undefined {
  const isRefused = event.type === 'market.order-refused';
  const command = isRefused ? refusedCommand(event) : askedBy(event);
  if (!command || !namesSomething(command)) return undefined;
  const refusal = isRefused ? (event.data.reason as PlaceOrderRejection) : null;
  return { key: keyOf(command) ?? '', use: { content: contentOf(command), refusal } };
}

function refusedCommand({
  data: { reason: _reason, kind, side, timeInForce, priceTicks, quantityLots, ...data },
}: Extract<ShardEvent, { readonly type: 'market.order-refused' }>): ShardCommand {
  if (!side || !kind || !timeInForce || priceTicks === undefined || quantityLots === undefined) {
    throw new Error('a refused order without what it asked for');
  }
  const terms = { side, orderKind: kind, timeInForce, priceTicks, quantityLots };
  return { kind: 'place-order', ...data, ...terms };
}
