import { connect, type Socket } from 'node:net';

/** What the attack bench starts as a process: a client that means harm. It says `begun` and goes on until it is killed. */
export type AttackSettings =
  | {
      /** Asks again and again on one connection and never reads an answer. */
      readonly kind: 'unread_answers';
      readonly port: number;
      readonly connectionCount: number;
      readonly requestCount: number;
    }
  | {
      /** Announces a body on every connection and sends a byte of it now and then. */
      readonly kind: 'slow_bodies';
      readonly port: number;
      readonly connectionCount: number;
      readonly token: string;
    };

const trickleEveryMs = 1_000;

async function main(settings: AttackSettings): Promise<void> {
  const sockets: Socket[] = [];
  for (let count = 0; count < settings.connectionCount; count += 1) {
    sockets.push(await open(settings.port));
  }
  switch (settings.kind) {
    case 'unread_answers': {
      const requests = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(settings.requestCount);
      sockets.forEach((socket) => socket.write(requests));
      break;
    }
    case 'slow_bodies':
      sockets.forEach((socket, index) => {
        socket.write(slowHead(settings.token, index));
        socket.resume();
      });
      setInterval(() => {
        sockets.filter(({ writable }) => writable).forEach((socket) => socket.write(' '));
      }, trickleEveryMs);
  }
  process.stdout.write('begun\n');
  // Keeps the process there when every connection was closed.
  setInterval(() => undefined, 60_000);
}

function slowHead(token: string, index: number): string {
  return [
    'POST /parties HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${token}`,
    `Idempotency-Key: slow-${index}`,
    'Content-Type: application/json',
    'Content-Length: 1000',
    '\r\n',
  ].join('\r\n');
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve).once('error', reject);
  });
  // Being cut off is what the attack asks for.
  socket.on('error', () => undefined);
  return socket;
}

await main(JSON.parse(process.argv[2] ?? '{}') as AttackSettings);
