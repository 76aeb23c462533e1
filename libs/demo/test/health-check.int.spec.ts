import { freePort } from '@specie/local-platform';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const script = resolve(import.meta.dirname, '../../../infra/docker/healthcheck.sh');
const statuses = [200, 503, 404] as const;

function check(port: number): Promise<boolean> {
  return new Promise((checked) => {
    const env = { ...process.env, PORT: String(port) };
    execFile(script, { env }, (error) => checked(error === null));
  });
}

describe.skipIf(process.platform === 'win32')(
  'The health check of a container (needs bash)',
  () => {
    let port: number;
    let status: number;
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/health/ready' ? status : 404;
      response.end('{}');
    });
    beforeAll(async () => {
      port = await freePort();
      await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
    });
    afterAll(() => server.close());

    it.each(statuses)('judges an answer of %d', async (answer) => {
      status = answer;
      expect(await check(port)).toBe(answer === 200);
    });

    it('fails where nothing listens', async () => {
      expect(await check(await freePort())).toBe(false);
    });
  },
);
