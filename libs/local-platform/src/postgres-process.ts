import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { describeFailure } from './failure.js';

const startTimeoutMs = 60_000;
const restartPauseMs = 50;

/** Whatever still runs when this process ends must not outlive it. */
const living = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of living) signalGroup(child, 'SIGTERM');
});

/** Whom the server runs as; nobody else than we where empty. */
export interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

export interface Launch {
  readonly dataDir: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly binaries: Binaries;
  readonly owner: Owner;
}

export async function launch({
  dataDir,
  port,
  settings,
  binaries,
  owner,
}: Launch): Promise<ChildProcess> {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const child = spawn(binaries.postgres, ['-D', dataDir, '-p', String(port), ...flags], {
    ...owner,
    cwd: tmpdir(),
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`PostgreSQL did not start in ${startTimeoutMs / 1000} s: ${log}`)),
        startTimeoutMs,
      );
      child.once('error', reject);
      child.once('exit', (code) =>
        reject(
          new Error(`PostgreSQL ended with code ${code} while starting: ${describeFailure(log)}`),
        ),
      );
      child.stderr.on('data', (chunk: Buffer) => {
        log = (log + chunk.toString()).slice(-4_000);
        if (log.includes('ready to accept connections')) {
          resolve();
        }
      });
    });
  } finally {
    clearTimeout(timer);
  }
  child.unref();
  living.add(child);
  child.once('exit', () => living.delete(child));
  return child;
}

/** The data of a server that was killed is in use until the last of its children is gone. */
export async function relaunch(options: Launch): Promise<ChildProcess> {
  for (const deadline = Date.now() + startTimeoutMs; ; await delay(restartPauseMs)) {
    try {
      return await launch(options);
    } catch (error) {
      const isInUse = String(error).includes('pre-existing shared memory block');
      if (!isInUse || Date.now() > deadline) throw error;
    }
  }
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

/** The children lead sessions of their own, so no signal to the group reaches them; a busy one would go on for minutes. */
export async function killAll(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const children = childrenOf(child.pid);
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
  for (const pid of children) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended with its parent.
    }
  }
}

function childrenOf(parent: number): readonly number[] {
  const list = `/proc/${parent}/task/${parent}/children`;
  const pids = existsSync(list)
    ? readFileSync(list, 'utf8')
    : execFileSync('pgrep', ['-P', String(parent)], { encoding: 'utf8' });
  return pids.split(/\s+/).filter(Boolean).map(Number);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended between the check and the signal.
  }
}
