import { describeFailure, startPlatform } from '@specie/local-platform';
import { repositoryRoot, runScript, type Given, type Script } from '@specie/workspace';
import { join, resolve } from 'node:path';
import { ApiClient } from './api-client.js';
import { untilInterrupted } from './interruption.js';
import { portOptions, portsOf } from './platform-options.js';
import { castFor } from './story/cast.js';
import { whereabouts } from './whereabouts.js';

const script = {
  command: 'npm start',
  summary:
    'Starts the platform, empty or as it was left, and keeps it running until Ctrl-C. PostgreSQL comes from npm unless DATABASE_URL names a server.',
  options: {
    ...portOptions,
    kafka: {
      type: 'boolean',
      help: 'carry events over a real Kafka broker (also when KAFKA_BROKERS is set)',
    },
    home: {
      type: 'string',
      value: 'DIR',
      variable: 'SPECIE_HOME',
      help: 'folder for data and logs; .specie/postgres or .specie/kafka in the repository unless given',
    },
    reset: { type: 'boolean', help: 'delete what is in that folder first' },
    fresh: { type: 'boolean', help: 'use a temporary folder, deleted at the end' },
  },
} as const satisfies Script;

async function start({ options }: Given<typeof script.options>): Promise<number> {
  const transport = options.kafka || process.env['KAFKA_BROKERS'] ? 'kafka' : 'postgres';
  const home = options.fresh
    ? null
    : resolve(options.home ?? join(repositoryRoot, '.specie', transport));
  const ports = portsOf(options);
  const interrupted = untilInterrupted();
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  void interrupted.promise.then(() => say('\nstopping; Ctrl-C once more ends everything at once'));
  const starting = startPlatform({
    transport,
    ports,
    supervise: true,
    ...(home === null ? {} : { home, reset: options.reset }),
    onProgress: say,
  });
  const platform = await starting.catch((error: unknown) => {
    throw new Error(describeFailure(error), { cause: error });
  });
  try {
    if (!interrupted.happened()) {
      say(`\nSpecie is running; data and logs are in ${platform.home}`);
      whereabouts(platform).forEach(say);
      const api = new ApiClient({ urlOf: (service) => platform.url(service) });
      const token = await api.tokenOf(castFor(['visitor']).auditor);
      say(`\nA token of an auditor, for an hour:\n${token}\n\nCtrl-C stops everything.`);
      await interrupted.promise;
    }
    return 0;
  } finally {
    await platform.stop();
    interrupted.dispose();
    say(
      home === null
        ? 'stopped; its temporary data is deleted'
        : `stopped, data kept in ${process.env['DATABASE_URL'] ? 'the databases of DATABASE_URL' : home}\n\`npm start\` with the same options goes on with it; with \`--reset\` as well it starts empty`,
    );
  }
}

await runScript(script, start);
