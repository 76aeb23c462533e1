import { createServer } from 'node:net';

/**
 * Below the ports that operating systems give to outgoing connections and to `listen(0)` (32768 and up):
 * a port found free must still be free when the server that gets it has started, seconds later.
 */
const firstPort = 20_000;
const portCount = 12_000;
/** Apart for each process, so that two that start at once do not find the same ports. */
const portsPerProcess = 37;
let offset = (process.pid * portsPerProcess) % portCount;

/** A loopback TCP port that is free, and that this process has not been given before. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < portCount; tried += 1) {
    const port = firstPort + offset;
    offset = (offset + 1) % portCount;
    if (await isFree(port)) {
      return port;
    }
  }
  throw new Error(`no port from ${firstPort} to ${firstPort + portCount - 1} is free`);
}

export interface ChosenPort {
  /** Who is to listen there. */
  readonly name: string;
  readonly port: number;
  /** What chooses another. */
  readonly option: string;
}

/** @throws Error that names every port somebody else listens on, and what chooses others. */
export async function requireFree(chosen: readonly ChosenPort[]): Promise<void> {
  const taken: ChosenPort[] = [];
  for (const each of chosen) {
    if (!(await isFree(each.port))) taken.push(each);
  }
  if (taken.length > 0) {
    const options = new Set(taken.map(({ option }) => option));
    throw new Error(
      [
        ...taken.map(({ name, port }) => `port ${port}, for ${name}, is taken by another program`),
        ...[...options].map((option) => `Choose with ${option}, or end what listens there.`),
      ].join('\n'),
    );
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  await new Promise((resolve) => server.close(resolve));
  return free;
}
