import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Written into a home by the process that runs there. */
interface Tenant {
  readonly pid: number;
  /** Where its services answer, or will. */
  readonly urls: readonly string[];
}

/**
 * Takes a folder for one platform, so that a second one says at once where the first runs instead of waiting for its
 * database's lock; returns what gives the folder back.
 *
 * @throws Error when a platform runs there.
 */
export function claimHome(home: string, urls: readonly string[]): () => void {
  mkdirSync(home, { recursive: true, mode: 0o755 });
  const file = join(home, 'running.json');
  const other = tenantOf(file);
  if (other !== null && isAlive(other.pid)) {
    throw new Error(
      [
        `Specie already runs with the data in ${home}, as process ${other.pid}:`,
        ...other.urls.map((url) => `  ${url}`),
        'Stop it with Ctrl-C where it was started, or give this one a folder and ports of its own: --home and --port.',
        `If process ${other.pid} is something else, delete ${file}.`,
      ].join('\n'),
    );
  }
  rmSync(file, { force: true });
  // Of two that start at once, one fails here.
  const descriptor = openSync(file, 'wx');
  const tenant: Tenant = { pid: process.pid, urls };
  writeSync(descriptor, JSON.stringify(tenant));
  closeSync(descriptor);
  return () => rmSync(file, { force: true });
}

function tenantOf(file: string): Tenant | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Tenant;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
