import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';
import type { Channel, ServerMessage } from '../src/market-data/messages.js';
import { FollowedBook } from './followed-book.js';

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** A client of the market data that follows one book; it subscribes again where it notices a gap. */
export class FeedClient {
  readonly webSocket: WebSocket;
  readonly messages: ServerMessage[] = [];
  readonly gaps: Channel[] = [];
  readonly closed: Promise<Closing>;
  readonly book: FollowedBook;
  private readonly seriesId: string;
  private waiting: { readonly isThere: () => boolean; readonly resolve: () => void }[] = [];

  private constructor(webSocket: WebSocket, seriesId: string, book: FollowedBook) {
    this.webSocket = webSocket;
    this.seriesId = seriesId;
    this.book = book;
    this.closed = new Promise((resolve) => {
      webSocket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    webSocket.on('error', () => undefined);
    webSocket.on('message', (data) =>
      this.receive(JSON.parse((data as Buffer).toString()) as ServerMessage),
    );
  }

  static async connect(
    url: string,
    seriesId: string,
    {
      book = new FollowedBook(),
      ...options
    }: ClientOptions & { readonly book?: FollowedBook } = {},
  ): Promise<FeedClient> {
    const webSocket = new WebSocket(url, { perMessageDeflate: false, ...options });
    const client = new FeedClient(webSocket, seriesId, book);
    await once(webSocket, 'open');
    return client;
  }

  /** From the last message of the channel that is known, if any. */
  subscribe(channel: Channel): void {
    const { seriesId } = this;
    const from = this.book.last.get(channel);
    this.send({ op: 'subscribe', channel, seriesId, ...(from === undefined ? {} : { from }) });
  }

  send(message: unknown): void {
    this.webSocket.send(JSON.stringify(message));
  }

  /** Resolves once it is so, which messages bring about. */
  until(isThere: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      if (isThere()) {
        resolve();
      } else {
        this.waiting.push({ isThere, resolve });
      }
    });
  }

  /** The next message of the type from now on. */
  async next<Type extends ServerMessage['type']>(
    type: Type,
  ): Promise<Extract<ServerMessage, { readonly type: Type }>> {
    const start = this.messages.length;
    const found = (): ServerMessage | undefined =>
      this.messages.slice(start).find((message) => message.type === type);
    await this.until(() => found() !== undefined);
    return found() as Extract<ServerMessage, { readonly type: Type }>;
  }

  private receive(message: ServerMessage): void {
    this.messages.push(message);
    const missed = this.book.take(message);
    if (missed) {
      this.gaps.push(missed);
      this.subscribe(missed);
    }
    const there = this.waiting.filter(({ isThere }) => isThere());
    this.waiting = this.waiting.filter((each) => !there.includes(each));
    there.forEach(({ resolve }) => resolve());
  }
}
