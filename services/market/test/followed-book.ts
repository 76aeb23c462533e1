import type {
  Channel,
  ServerMessage,
  StreamMessage,
  WireLevel,
  WireTrade,
} from '../src/market-data/messages.js';

/** A book kept right from the messages of the market data: what a client does, without its connection. */
export class FollowedBook {
  readonly bids = new Map<number, WireLevel>();
  readonly asks = new Map<number, WireLevel>();
  readonly trades: WireTrade[] = [];
  readonly states = new Map<'l1' | 'status', StreamMessage>();
  /** The last message of each channel that is subscribed to; what to resume from. */
  readonly last = new Map<Channel, number>();
  /** The tape, for where trades may be missing between those that are known and those that follow. */
  private readonly readTape: () => readonly WireTrade[];

  constructor(readTape: () => readonly WireTrade[] = () => []) {
    this.readTape = readTape;
  }

  /** Follows a message; the channel that must be subscribed to again, from its last message, where one is missing. */
  take(message: ServerMessage): Channel | null {
    switch (message.type) {
      case 'subscribed': {
        const { channel, sequence, isResumed } = message;
        if (channel === 'trades' && !isResumed && this.last.has('trades')) {
          this.addTrades(this.readTape());
        }
        this.last.set(channel, sequence);
        return null;
      }
      case 'l2-snapshot':
        this.bids.clear();
        this.asks.clear();
        setLevels(this.bids, message.bids);
        setLevels(this.asks, message.asks);
        this.last.set('l2', message.sequence);
        return null;
      case 'l2':
        return this.next('l2', message, () => {
          setLevels(this.bids, message.bids);
          setLevels(this.asks, message.asks);
        });
      case 'trades':
        return this.next('trades', message, () => this.addTrades(message.trades));
      case 'l1':
      case 'status': {
        const { type, sequence } = message;
        // The first one after subscribing says where the channel stands.
        return this.last.get(type) === sequence
          ? this.keep(type, message)
          : this.next(type, message, () => this.keep(type, message));
      }
      case 'heartbeat': {
        const behind = [...this.last].find(
          ([channel, sequence]) => message.sequences[channel] !== sequence,
        );
        return behind?.[0] ?? null;
      }
      default:
        return null;
    }
  }

  /** Those that are new: the tape and the messages may have the same ones. */
  private addTrades(trades: readonly WireTrade[]): void {
    const last = this.trades.at(-1)?.tradeNumber ?? 0;
    this.trades.push(...trades.filter(({ tradeNumber }) => tradeNumber > last));
  }

  private next(channel: Channel, { sequence }: StreamMessage, apply: () => void): Channel | null {
    if (sequence !== (this.last.get(channel) ?? 0) + 1) {
      return channel;
    }
    apply();
    this.last.set(channel, sequence);
    return null;
  }

  private keep(type: 'l1' | 'status', message: StreamMessage): null {
    this.states.set(type, message);
    return null;
  }
}

function setLevels(levels: Map<number, WireLevel>, changed: readonly WireLevel[]): void {
  for (const level of changed) {
    const [priceTicks, lots] = level;
    if (lots === 0) {
      levels.delete(priceTicks);
    } else {
      levels.set(priceTicks, level);
    }
  }
}
