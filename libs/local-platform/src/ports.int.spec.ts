import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort, requireFree } from './ports.js';

async function listenOn(port: number): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

describe('Ports', () => {
  it('are given once each, and outside the range of outgoing connections', async () => {
    const ports: number[] = [];
    for (let count = 0; count < 20; count += 1) {
      ports.push(await freePort());
    }
    expect(new Set(ports).size).toBe(20);
    expect(ports.every((port) => port >= 20_000 && port < 32_000)).toBe(true);
  });

  it('are named where somebody has them', async () => {
    const [free, wanted, other] = [await freePort(), await freePort(), await freePort()];
    const taken = await listenOn(wanted);
    const alsoTaken = await listenOn(other);
    const option = '--port or SPECIE_PORT';
    const check = requireFree([
      { name: 'audit', port: free, option },
      { name: 'deals', port: wanted, option },
      { name: 'market', port: other, option },
    ]);
    await expect(check).rejects.toThrow(
      [
        `port ${wanted}, for deals, is taken by another program`,
        `port ${other}, for market, is taken by another program`,
        `Choose with ${option}, or end what listens there.`,
      ].join('\n'),
    );
    await taken.close();
    await alsoTaken.close();
    await requireFree([{ name: 'deals', port: wanted, option }]);
  });
});
