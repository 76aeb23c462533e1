import type { PlatformPorts } from '@specie/local-platform';
import { UsageError, type Given, type Script } from '@specie/workspace';
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { portOptions, portsOf } from './platform-options.js';

export interface DemoArguments {
  readonly transport: 'postgres' | 'kafka';
  /** Job trace to meter (.csv or .csv.gz). */
  readonly usageFile: string;
  /** Folder with an OFAC-format list; null uses the compliance service's built-in sample. */
  readonly sanctionsDir: string | null;
  readonly keep: boolean;
  readonly json: boolean;
  /** Use a platform that is already running. */
  readonly attach: boolean;
  /** Where a platform is, or is to be, that people look at. */
  readonly ports: PlatformPorts;
  /** Instances of each service. */
  readonly instances: number;
}

export const demoScript = {
  command: 'npm run demo',
  summary:
    'Starts the platform with temporary data, plays one story from capacity to audit over REST, and prints what it led to.',
  options: {
    usage: {
      type: 'string',
      value: 'FILE',
      help: 'job trace to meter, .csv or .csv.gz; a sample made for the project unless given',
    },
    sanctions: {
      type: 'string',
      value: 'DIR',
      help: 'folder with sdn.csv, alt.csv, add.csv, sdn_comments.csv; a built-in sample unless given',
    },
    kafka: {
      type: 'boolean',
      help: 'carry events over a real Kafka broker (also when KAFKA_BROKERS is set)',
    },
    instances: {
      type: 'string',
      value: 'N',
      help: 'processes of each service, 1 to 3; 1 unless given',
    },
    keep: {
      type: 'boolean',
      help: 'leave everything running, print URLs and a token to try; Ctrl-C ends it',
    },
    attach: {
      type: 'boolean',
      help: 'play the story against a running platform (npm start, docker compose)',
    },
    ...portOptions,
    json: {
      type: 'boolean',
      help: 'the last line of stdout is one JSON object with every figure',
    },
  },
} as const satisfies Script;

const sampleUsage = resolve(import.meta.dirname, '../sample/usage.csv');

/** What was asked for. @throws UsageError with one line that says what to fix. */
export function demoArguments({ options }: Given<typeof demoScript.options>): DemoArguments {
  const { usage = sampleUsage, sanctions, instances = '1' } = options;
  if (!existsSync(usage)) throw new UsageError(`--usage: there is no file ${usage}`);
  if (!/\.csv(\.gz)?$/.test(usage))
    throw new UsageError('--usage: the file must end in .csv or .csv.gz');
  const sanctionsDir = sanctions === undefined ? null : resolve(sanctions);
  if (sanctionsDir !== null) {
    if (!existsSync(sanctionsDir) || !statSync(sanctionsDir).isDirectory())
      throw new UsageError(`--sanctions: ${sanctionsDir} is not a folder`);
    if (!existsSync(join(sanctionsDir, 'sdn.csv')))
      throw new UsageError(`--sanctions: ${sanctionsDir} has no sdn.csv`);
  }
  if (!/^[1-3]$/.test(instances)) throw new UsageError('--instances: a number from 1 to 3');
  return {
    transport: options.kafka || process.env['KAFKA_BROKERS'] ? 'kafka' : 'postgres',
    usageFile: resolve(usage),
    sanctionsDir,
    keep: options.keep,
    json: options.json,
    attach: options.attach,
    ports: portsOf(options),
    instances: Number(instances),
  };
}
