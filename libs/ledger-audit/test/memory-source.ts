import type { ServiceName } from '@specie/contracts';
import type { LogRecord } from '../src/log-record.js';
import type { LogSource } from '../src/rebuild.js';

/** Logs that are already in memory; for tests and simulations. */
export function memorySource(
  logs: Partial<Readonly<Record<ServiceName, readonly LogRecord[]>>>,
  ends: ReadonlyMap<ServiceName, number> = new Map(),
  completeBeforeMs = Number.POSITIVE_INFINITY,
): LogSource {
  return {
    kind: 'memory',
    read: async (take) => {
      for (const [service, records] of Object.entries(logs) as [
        ServiceName,
        readonly LogRecord[],
      ][]) {
        for (const record of records) {
          await take(service, record);
        }
      }
      return { ends, completeBeforeMs };
    },
  };
}
