import { eventCodec } from '@specie/contracts';
import { assertNever, type CommandContext, type Handled } from '@specie/event-sourcing';
import { microMoney, microTokens } from '@specie/quantities';
import { BreakingStore, pick, randomFrom, type RandomBelow } from '@specie/testing';
import { contentOf, keyOf, type NamingCommand } from '../src/exchange/chosen-ids.js';
import { type EarlierUse } from '../src/exchange/exchange.commands.js';
import { type ExchangeCommand } from '../src/exchange/exchange.commands.js';
import type { ExchangeRejection } from '../src/exchange/exchange.decider.js';
import type { PlaceOrderRejection } from '../src/exchange/order-rejections.js';
import {
  newExchange,
  shardStreamId,
  type Exchange,
  type ExchangeEvent,
} from '../src/exchange/exchange.state.js';
import { plainMatching } from '../src/exchange/plain-matching.js';
import { ShardWriter } from '../src/exchange/shard-writer.adapter.js';

const now = '2026-11-22T12:00:00.000Z';

export const uuid = (kind: number, n: number): string =>
  `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const partyIds = [1, 2, 3, 4, 5].map((n) => uuid(1, n));
export const seriesIds = [1, 2].map((n) => uuid(2, n));
const tradeIdOf = (n: number): string => uuid(3, n);

export class Simulation {
  readonly random: RandomBelow;
  readonly store: BreakingStore;
  /** The exchange of every engine made so far; the last one is the writer's memory. */
  readonly memories: Exchange[] = [];
  readonly writer: ShardWriter;
  readonly ineligible = new Set<string>();
  private commandCount = 0;
  /** Quantity of every escrow movement that was told, by `keyOf` its credit. */
  readonly escrowed = new Map<string, bigint>();
  private readonly sent: ExchangeCommand[] = [];

  /** `lostPercent` of the appends are lost, and as many again commit unheard. */
  constructor(seed: number, lostPercent = 3) {
    this.random = randomFrom(seed);
    this.store = new BreakingStore(this.random, lostPercent);
    this.writer = this.newWriter();
  }

  /** Becomes the writer and opens every book. */
  async open(): Promise<void> {
    await this.writer.open();
    for (const seriesId of seriesIds) {
      const terms = {
        currency: 'USD',
        makerFeeBps: 7,
        takerFeeBps: 33,
        minimumLots: 1,
        maximumLots: 50,
      } as const;
      await this.send({ kind: 'open-book', seriesId, ...terms });
    }
  }

  /** Now and then another party may not trade. */
  barAnother(): void {
    if (this.random(4) === 0) {
      this.ineligible.clear();
      this.ineligible.add(pick(partyIds, this.random));
    }
  }

  newWriter(): ShardWriter {
    return new ShardWriter({
      store: this.store,
      codec: eventCodec,
      newMatching: () => {
        const exchange = newExchange();
        this.memories.push(exchange);
        return plainMatching(exchange);
      },
      earlierUses: async () => usesIn(await this.log()),
      partyStandings: (ids) =>
        Promise.resolve(
          new Map(ids.map((id) => [id, this.ineligible.has(id) ? 'frozen' : 'eligible'])),
        ),
      tradeIdOf,
    });
  }

  /** Sends one command as a client would: the same one again, with the same key, until it is answered. */
  async send(command: ExchangeCommand): Promise<Handled<ExchangeRejection>> {
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
  preview(command: ExchangeCommand): Promise<Handled<ExchangeRejection>> {
    return this.submit(command, { ...this.newContext(), dryRun: true });
  }

  private submit(
    command: ExchangeCommand,
    context: CommandContext,
  ): Promise<Handled<ExchangeRejection>> {
    return this.writer.submit({
      command,
      context,
      answer: (_events, streamVersion) => streamVersion,
    });
  }

  private newContext(): CommandContext {
    this.commandCount += 1;
    const commandId = `${uuid(9, this.commandCount).slice(0, 24)}${(this.commandCount * 4_096).toString(16).padStart(12, '0')}`;
    return {
      commandId,
      now,
      actor: partyIds[0] ?? '',
      correlationId: commandId,
      causationId: commandId,
      idempotency: { scope: 'simulation', key: commandId, bodyHash: commandId },
    };
  }

  /** A new command, or now and then one that was sent before. */
  randomCommand(): ExchangeCommand {
    const command =
      this.random(25) === 0 && this.sent.length > 0
        ? pick(this.sent, this.random)
        : this.newCommand();
    this.sent.push(command);
    return command;
  }

  /** Few ids for everything, so that kinds and parties meet on them. */
  private chosenId(): string {
    return uuid(4, this.random(400));
  }

  private newCommand(): ExchangeCommand {
    const { random } = this;
    const partyId = pick(partyIds, random);
    const seriesId = pick(seriesIds, random);
    const id = this.chosenId();
    switch (random(20)) {
      case 0:
        return {
          kind: 'deposit-cash',
          depositId: id,
          partyId,
          currency: 'USD',
          amount: microMoney(BigInt(random(5_000_000))),
        };
      case 1:
        return {
          kind: 'withdraw-cash',
          withdrawalId: id,
          partyId,
          currency: 'USD',
          amount: microMoney(BigInt(random(3_000_000))),
        };
      case 2:
        return this.credit(partyId, seriesId, id);
      case 3:
        return {
          kind: 'request-withdrawal',
          withdrawalId: id,
          partyId,
          seriesId,
          quantity: microTokens(BigInt(random(900_000))),
        };
      case 4: {
        const withdrawal = {
          partyId,
          withdrawalId: pick([id, ...this.namedBefore('request-withdrawal', partyId)], random),
        };
        return random(3) === 0
          ? { kind: 'revert-withdrawal', ...withdrawal, reason: 'escrow_refused' }
          : { kind: 'complete-withdrawal', ...withdrawal };
      }
      case 5:
      case 6:
      case 7:
        return {
          kind: 'cancel-order',
          orderId: pick([id, ...this.namedBefore('place-order', partyId).slice(-20)], random),
          partyId,
        };
      case 8:
        return random(10) === 0
          ? { kind: 'cancel-all-orders', partyId }
          : this.randomOrder(partyId, seriesId, id);
      default:
        return this.randomOrder(partyId, seriesId, id);
    }
  }

  /** The issuer tells of a movement as often as it likes, but always the same of it. */
  private credit(partyId: string, seriesId: string, escrowId: string): ExchangeCommand {
    const named = { kind: 'credit-tokens', escrowId, partyId, seriesId } as const;
    const key = keyOf({ ...named, quantity: microTokens(0n) }) ?? '';
    const quantity = this.escrowed.get(key) ?? BigInt(1 + this.random(2_000_000));
    this.escrowed.set(key, quantity);
    return { ...named, quantity: microTokens(quantity) };
  }

  /** Ids that the party gave to commands of a kind. */
  private namedBefore(kind: 'place-order' | 'request-withdrawal', partyId: string): string[] {
    return this.sent.flatMap((command) =>
      (command.kind !== 'place-order' && command.kind !== 'request-withdrawal') ||
      command.kind !== kind ||
      command.partyId !== partyId
        ? []
        : [command.kind === 'place-order' ? command.orderId : command.withdrawalId],
    );
  }

  private randomOrder(partyId: string, seriesId: string, orderId: string): ExchangeCommand {
    const { random } = this;
    const orderKind = random(6) === 0 ? 'market' : 'limit';
    const timeInForce = pick(['GTC', 'GTC', 'GTC', 'IOC', 'FOK'] as const, random);
    return {
      kind: 'place-order',
      orderId,
      seriesId,
      partyId,
      side: random(2) ? 'buy' : 'sell',
      orderKind,
      timeInForce,
      priceTicks: 990 + random(21),
      quantityLots: random(60),
    };
  }

  async log(): Promise<readonly ExchangeEvent[]> {
    const recorded = await this.store.readStream(shardStreamId);
    return recorded.map((event) => eventCodec.decode(event) as ExchangeEvent);
  }
}

/** What every id in the log was used for, read from the events alone. */
function usesIn(events: readonly ExchangeEvent[]): ReadonlyMap<string, EarlierUse> {
  const uses = new Map<string, EarlierUse>();
  for (const event of events) {
    const command = commandOf(event);
    const key = command && keyOf(command);
    if (key) {
      const refusal =
        event.type === 'market.order-refused' ? (event.data.reason as PlaceOrderRejection) : null;
      uses.set(key, { content: contentOf(command), refusal });
    }
  }
  return uses;
}

function commandOf(event: ExchangeEvent): NamingCommand | null {
  const { type, data } = event;
  switch (type) {
    case 'market.order-accepted':
      return { ...data, kind: 'place-order', orderKind: data.kind };
    case 'market.order-refused': {
      const { side, kind, timeInForce, priceTicks, quantityLots } = data;
      if (
        !side ||
        !kind ||
        !timeInForce ||
        priceTicks === undefined ||
        quantityLots === undefined
      ) {
        throw new Error('a refused order without what it asked for');
      }
      const order = { side, orderKind: kind, timeInForce, priceTicks, quantityLots };
      return { ...data, ...order, kind: 'place-order' };
    }
    case 'market.cash-deposited':
      return { kind: 'deposit-cash', ...data };
    case 'market.cash-withdrawn':
      return { kind: 'withdraw-cash', ...data };
    case 'market.tokens-deposited':
      return { kind: 'credit-tokens', ...data };
    case 'market.withdrawal-requested':
      return { kind: 'request-withdrawal', ...data };
    case 'market.book-opened':
    case 'market.order-cancelled':
    case 'market.trade-executed':
    case 'market.withdrawal-completed':
    case 'market.withdrawal-reverted':
      return null;
    default:
      return assertNever(event);
  }
}
