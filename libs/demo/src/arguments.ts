import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface DemoArguments {
  readonly transport: 'postgres' | 'kafka';
  /** Job trace to meter (.csv or .csv.gz). */
  readonly usageFile: string;
  /** Folder with an OFAC-format list; null uses the compliance service's built-in sample. */
  readonly sanctionsDir: string | null;
  readonly keep: boolean;
  readonly json: boolean;
  /** Use a platform that is already running on the well-known ports. */
  readonly attach: boolean;
  /** Instances of each service. */
  readonly instances: number;
}

export const demoUsage = `npm run demo -- [options]
  --usage FILE      job trace to meter, .csv or .csv.gz (default: a sample made for the project)
  --sanctions DIR   folder with sdn.csv, alt.csv, add.csv, sdn_comments.csv (default: a built-in sample)
  --kafka           carry events over a real Kafka broker (also when KAFKA_BROKERS is set)
  --instances N     processes of each service, 1 to 3 (default 1)
  --keep            leave everything running, print URLs and a token to try; Ctrl-C ends it
  --attach          play the story against a running platform (npm start, docker compose)
  --json            the last line of stdout is one JSON object with every figure
  --help            this text`;

const sampleUsage = resolve(import.meta.dirname, '../sample/usage.csv');

/** Reads the command line. @throws Error with one line that says what to fix. */
export function parseDemoArguments(argv: readonly string[]): DemoArguments | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      kafka: { type: 'boolean', default: false },
      usage: { type: 'string', default: sampleUsage },
      sanctions: { type: 'string' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      attach: { type: 'boolean', default: false },
      instances: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (!existsSync(values.usage)) throw new Error(`--usage: there is no file ${values.usage}`);
  if (!/\.csv(\.gz)?$/.test(values.usage))
    throw new Error('--usage: the file must end in .csv or .csv.gz');
  const sanctionsDir = values.sanctions === undefined ? null : resolve(values.sanctions);
  if (sanctionsDir !== null) {
    if (!existsSync(sanctionsDir) || !statSync(sanctionsDir).isDirectory())
      throw new Error(`--sanctions: ${sanctionsDir} is not a folder`);
    if (!existsSync(join(sanctionsDir, 'sdn.csv')))
      throw new Error(`--sanctions: ${sanctionsDir} has no sdn.csv`);
  }
  if (!/^[1-3]$/.test(values.instances)) throw new Error('--instances: a number from 1 to 3');
  return {
    transport: values.kafka || process.env['KAFKA_BROKERS'] ? 'kafka' : 'postgres',
    usageFile: resolve(values.usage),
    sanctionsDir,
    keep: values.keep,
    json: values.json,
    attach: values.attach,
    instances: Number(values.instances),
  };
}
