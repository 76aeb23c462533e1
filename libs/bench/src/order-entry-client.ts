import { WebSocket, type RawData } from 'ws';
import type { BenchCaller, Body } from './bench-platform.js';

interface Result {
  readonly id: string;
  readonly answer?: Body;
  readonly refusal?: { readonly code: string };
}

/** A connection of order entry; many requests may be under way on it. */
export class OrderEntryClient {
  private readonly socket: WebSocket;
  private readonly waiting = new Map<string, (result: Result) => void>();
  private requestCount = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: RawData) => {
      const result = JSON.parse((data as Buffer).toString()) as Result;
      this.waiting.get(result.id)?.(result);
      this.waiting.delete(result.id);
    });
  }

  static async connect(party: BenchCaller): Promise<OrderEntryClient> {
    const url = party.platform.url('market').replace('http', 'ws');
    const headers = { authorization: party.authorization };
    const socket = new WebSocket(`${url}/order-entry`, { headers });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new OrderEntryClient(socket);
  }

  /** @throws where the order is refused */
  async place(order: Body): Promise<void> {
    const id = String((this.requestCount += 1));
    const result = await new Promise<Result>((resolve) => {
      this.waiting.set(id, resolve);
      this.socket.send(JSON.stringify({ op: 'place', id, order }));
    });
    if (result.refusal) {
      throw new Error(`an order was refused: ${result.refusal.code}`);
    }
  }

  close(): void {
    this.socket.terminate();
  }
}
