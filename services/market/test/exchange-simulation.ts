import { eventCodec } from '@specie/contracts';
import type { CommandContext } from '@specie/event-sourcing';
import { microMoney, microTokens } from '@specie/quantities';
import { BreakingStore, pick, randomFrom, type RandomBelow } from '@specie/testing';
import {
  newExchange,
  type Exchange,
  type ExchangeCommand,
  type ExchangeEvent,
} from '../src/domain/exchange/index.js';
import { plainMatching } from '../src/domain/plain-matching.js';
import { ShardWriter, shardStreamId, type ShardHandled } from '../src/writer/shard-writer.js';

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
  private readonly orderIds: string[] = [];
  private readonly withdrawalIds: string[] = [];

  constructor(seed: number) {
    this.random = randomFrom(seed);
    this.store = new BreakingStore(this.random, 3);
    this.writer = this.newWriter();
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
      knownIds: async (ids) => new Set((await this.idsInLog()).filter((id) => ids.includes(id))),
      eligibleParties: (ids) =>
        Promise.resolve(new Set(ids.filter((id) => !this.ineligible.has(id)))),
      tradeIdOf,
    });
  }

  /** Sends one command as a client would: the same one again, with the same key, until it is answered. */
  async send(command: ExchangeCommand): Promise<ShardHandled> {
    this.commandCount += 1;
    const commandId = `${uuid(9, this.commandCount).slice(0, 24)}${(this.commandCount * 4_096).toString(16).padStart(12, '0')}`;
    const context: CommandContext = {
      commandId,
      now,
      actor: partyIds[0] ?? '',
      correlationId: commandId,
      causationId: commandId,
      idempotency: { scope: 'simulation', key: commandId, bodyHash: commandId },
    };
    for (let attempt = 1; attempt <= 100; attempt += 1) {
      const handled = await this.writer.submit({
        command,
        context,
        answer: (_events, streamVersion) => streamVersion,
      });
      if (handled.outcome !== 'contended') {
        return handled;
      }
    }
    throw new Error('a command was never answered');
  }

  randomCommand(): ExchangeCommand {
    const { random } = this;
    const partyId = pick(partyIds, random);
    const seriesId = pick(seriesIds, random);
    const n = this.commandCount + 1 + random(3) * 100_000;
    switch (random(20)) {
      case 0:
        return {
          kind: 'deposit-cash',
          depositId: uuid(4, n),
          partyId,
          currency: 'USD',
          amount: microMoney(BigInt(random(5_000_000))),
        };
      case 1:
        return {
          kind: 'withdraw-cash',
          withdrawalId: uuid(5, n),
          partyId,
          currency: 'USD',
          amount: microMoney(BigInt(random(3_000_000))),
        };
      case 2:
        return {
          kind: 'credit-tokens',
          escrowId: uuid(6, n),
          partyId,
          seriesId,
          quantity: microTokens(BigInt(1 + random(2_000_000))),
        };
      case 3: {
        const withdrawalId = uuid(7, n);
        this.withdrawalIds.push(withdrawalId);
        return {
          kind: 'request-withdrawal',
          withdrawalId,
          partyId,
          seriesId,
          quantity: microTokens(BigInt(random(900_000))),
        };
      }
      case 4:
        return random(3) === 0
          ? {
              kind: 'revert-withdrawal',
              withdrawalId: pick([uuid(7, 0), ...this.withdrawalIds], random),
              reason: 'escrow_refused',
            }
          : {
              kind: 'complete-withdrawal',
              withdrawalId: pick([uuid(7, 0), ...this.withdrawalIds], random),
            };
      case 5:
      case 6:
      case 7:
        return {
          kind: 'cancel-order',
          orderId: pick([uuid(8, 0), ...this.orderIds.slice(-40)], random),
          partyId: random(2) ? null : partyId,
        };
      case 8:
        return random(10) === 0
          ? { kind: 'cancel-all-orders', partyId }
          : this.randomOrder(partyId, seriesId, n);
      default:
        return this.randomOrder(partyId, seriesId, n);
    }
  }

  private randomOrder(partyId: string, seriesId: string, n: number): ExchangeCommand {
    const { random } = this;
    const orderId = random(50) === 0 ? pick([uuid(8, n), ...this.orderIds], random) : uuid(8, n);
    this.orderIds.push(orderId);
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

  private async idsInLog(): Promise<string[]> {
    const idFields = ['orderId', 'depositId', 'escrowId', 'withdrawalId'] as const;
    return (await this.log()).flatMap(({ data }) =>
      idFields.flatMap((field) =>
        field in data ? [(data as Readonly<Record<string, unknown>>)[field] as string] : [],
      ),
    );
  }
}
