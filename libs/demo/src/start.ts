import { serviceNames, startPlatform } from '@specie/local-platform';
import { join, resolve } from 'node:path';
import { ApiClient } from './api-client.js';
import { untilInterrupted } from './interruption.js';
import { castFor } from './story/cast.js';

/** `npm start`: brings the platform up empty (or as it was left) and keeps it running. `--fresh` uses temporary data. */
async function start(): Promise<number> {
  const fresh = process.argv.includes('--fresh');
  const kafka = process.argv.includes('--kafka') || Boolean(process.env['KAFKA_BROKERS']);
  const interrupted = untilInterrupted();
  const platform = await startPlatform({
    transport: kafka ? 'kafka' : 'postgres',
    wellKnownPorts: true,
    supervise: true,
    ...(fresh
      ? {}
      : {
          home: resolve(
            join(import.meta.dirname, '../../../.specie', kafka ? 'kafka' : 'postgres'),
          ),
        }),
    onProgress: (line) => process.stdout.write(`${line}\n`),
  });
  try {
    process.stdout.write(`\nSpecie is running; data and logs are in ${platform.home}\n`);
    for (const service of serviceNames)
      process.stdout.write(`  ${service.padEnd(11)} ${platform.url(service)}/docs\n`);
    const api = new ApiClient({ urlOf: (service) => platform.url(service) });
    const token = await api.tokenOf(castFor(['visitor']).auditor);
    process.stdout.write(
      `\nA token of an auditor, for an hour:\n${token}\n\nCtrl-C stops everything.\n`,
    );
    await interrupted.promise;
    return 0;
  } finally {
    await platform.stop();
    interrupted.dispose();
  }
}

process.exitCode = await start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
