import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { LogFile } from './log-file.js';

export interface ServiceProcessOptions {
  /** Shown in messages, for example `issuance` or `issuance-2`. */
  readonly name: string;
  /** The program's entry file (JavaScript). */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** Base URL of its HTTP interface. */
  readonly url: string;
  /** Its standard output and error go here. */
  readonly logFile: string;
  /** Start it again when it ends by itself. */
  readonly supervise?: boolean;
  /** Hears what keeps the log from being written. */
  readonly onProblem?: (message: string) => void;
}

/** A service running as a process of its own. */
export interface ServiceProcess {
  readonly name: string;
  readonly url: string;
  readonly logFile: string;
  readonly pid: number | undefined;
  readonly running: boolean;
  /** Resolves once `/health/ready` answers 200; throws with the end of the log if the process ends before. */
  ready(timeoutMs: number): Promise<void>;
  /** SIGTERM, waits for the drain, SIGKILL after the grace period. */
  stop(graceMs?: number): Promise<void>;
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>;
  /** SIGSTOP: it keeps its connections and does nothing, as a machine that hangs would. */
  pause(): void;
  /** SIGCONT: it goes on as if no time had passed. */
  continue(): void;
  /** Starts the process again after it ended. */
  start(): void;
  /** Runs the program with arguments and the same settings to its end; what it printed. @throws when it fails. */
  command(...args: readonly string[]): Promise<string>;
  /** The end of what it printed. */
  lastOutput(): string;
}

const restartPauseMs = 250;
const nodeFlags = ['--enable-source-maps'];

/** Whatever still runs when this process ends must not outlive it. */
const living = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of living) signal(child, 'SIGKILL');
});

/** Starts a service process in a group of its own, so that Ctrl-C reaches it only through us. */
export function startServiceProcess(options: ServiceProcessOptions): ServiceProcess {
  mkdirSync(dirname(options.logFile), { recursive: true });
  let child: ChildProcess;
  let ended: Promise<void>;
  let tail = '';
  let stopped = false;
  const start = (): void => {
    stopped = false;
    const log = new LogFile(options.logFile, options.onProblem ?? (() => undefined));
    child = spawn(process.execPath, [...nodeFlags, options.entry], {
      env: { ...process.env, ...options.env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer): void => {
      log.write(chunk);
      tail = (tail + chunk.toString()).slice(-4_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const current = child;
    // Later than its exit: then nothing more is written.
    current.once('close', () => log.close());
    ended = new Promise((resolve) => {
      current.once('exit', () => {
        resolve();
        if (options.supervise === true && !stopped) {
          setTimeout(() => {
            if (!stopped && !isRunning()) start();
          }, restartPauseMs);
        }
      });
    });
    living.add(current);
    current.once('exit', () => living.delete(current));
  };
  start();
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    name: options.name,
    url: options.url,
    logFile: options.logFile,
    get pid() {
      return child.pid;
    },
    get running() {
      return isRunning();
    },
    start,
    command: async (...args) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [...nodeFlags, options.entry, ...args],
        { env: { ...process.env, ...options.env } },
      );
      return stdout;
    },
    lastOutput: () => tail,
    ready: async (timeoutMs) => {
      const deadline = Date.now() + timeoutMs;
      while (Date.now() < deadline) {
        if (!isRunning() && options.supervise !== true) {
          throw new Error(
            `${options.name} ended with code ${child.exitCode} while starting:\n${tail}`,
          );
        }
        if (await answersReady(options.url)) return;
        await delay(50);
      }
      throw new Error(
        `${options.name} was not ready after ${timeoutMs / 1000} s; see ${options.logFile}\n${tail}`,
      );
    },
    stop: async (graceMs = 12_000) => {
      stopped = true;
      if (!isRunning()) return;
      // A paused process would not hear SIGTERM.
      signal(child, 'SIGCONT');
      signal(child, 'SIGTERM');
      const timer = setTimeout(() => signal(child, 'SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
    kill: async () => {
      if (!isRunning()) return;
      signal(child, 'SIGKILL');
      await ended;
    },
    pause: () => signal(child, 'SIGSTOP'),
    continue: () => signal(child, 'SIGCONT'),
  };
}

async function answersReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(child.pid, name);
  } catch {
    // It ended between the check and the signal.
  }
}
