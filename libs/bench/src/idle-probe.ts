import { appendFileSync } from 'node:fs';
import { keepPublishedQueue } from './published-queue.js';

/** What the idle bench gives to the probe in `SPECIE_IDLE_PROBE`. */
export interface IdleProbeSettings {
  /** False: kafkajs stays as it is published, whoever mends it. */
  readonly isMended: boolean;
  /** The readings are appended to `<folder>/<process id>`. */
  readonly folder: string;
}

/** One reading, as a line of JSON. */
export interface IdleReading {
  /** Processor time of the whole process since it started, in milliseconds. */
  readonly cpuMs: number;
  /** Milliseconds since the process started. */
  readonly atMs: number;
}

// Loaded into a service by `--import`, before its own code.
const { isMended, folder } = JSON.parse(
  process.env['SPECIE_IDLE_PROBE'] ?? '{}',
) as IdleProbeSettings;

if (!isMended) {
  keepPublishedQueue();
}

process.on('SIGUSR2', () => {
  const { user, system } = process.cpuUsage();
  const reading: IdleReading = { cpuMs: (user + system) / 1_000, atMs: performance.now() };
  appendFileSync(`${folder}/${process.pid}`, `${JSON.stringify(reading)}\n`);
});
