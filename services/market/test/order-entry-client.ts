import { DevelopmentIssuer, type Role, type ServiceApp } from '@specie/nest-platform';
import { WebSocket, type RawData } from 'ws';

export interface Message {
  readonly type: string;
  readonly [name: string]: unknown;
}

const issuer = new DevelopmentIssuer();

/** A client of order entry: requests with their results, and the reports that came, in order. */
export class OrderEntryClient {
  readonly reports: Message[] = [];
  private readonly waiting = new Map<string, (message: Message) => void>();
  private requestCount = 0;
  private readonly socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: RawData) => {
      const message = JSON.parse((data as Buffer).toString()) as Message;
      if (message.type === 'execution-report') {
        this.reports.push(message);
      } else {
        this.waiting.get(String(message['id']))?.(message);
      }
    });
  }

  static async connect(
    { url }: Pick<ServiceApp, 'url'>,
    actor: { readonly partyId: string; readonly roles: readonly Role[] },
  ): Promise<OrderEntryClient> {
    const token = await issuer.issue({ partyId: actor.partyId, roles: [...actor.roles] });
    const socket = new WebSocket(`${url.replace('http', 'ws')}/order-entry`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new OrderEntryClient(socket);
  }

  /** Sends a request and waits for its result. */
  request(op: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Message> {
    const id = String((this.requestCount += 1));
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.socket.send(JSON.stringify({ op, id, ...fields }));
    });
  }

  /** Sends what may be no request at all; the next message without the id of a request answers it. */
  raw(text: string): Promise<Message> {
    return new Promise((resolve) => {
      this.waiting.set('null', resolve);
      this.socket.send(text);
    });
  }

  close(): void {
    this.socket.terminate();
  }
}
