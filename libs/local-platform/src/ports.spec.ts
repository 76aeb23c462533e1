import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort, preferPort } from './ports.js';

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

  it('are the preferred one unless somebody has it', async () => {
    const wanted = await freePort();
    expect(await preferPort(wanted)).toBe(wanted);
    const taken = await listenOn(wanted);
    const other = await preferPort(wanted);
    await taken.close();
    expect(other).not.toBe(wanted);
    const opened = await listenOn(other);
    await opened.close();
    expect(opened.port).toBe(other);
  });
});
