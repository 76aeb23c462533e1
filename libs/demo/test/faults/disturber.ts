import type { Platform, ServiceProcess } from '@specie/local-platform';
import { setTimeout as delay } from 'node:timers/promises';

/** Longer than every lease, so that another instance takes over what the paused one holds. */
const pauseMsMin = 6_500;
const pauseMsMax = 9_000;
const betweenMsMin = 150;
const betweenMsMax = 1_650;

/** Kills and pauses parts of the platform at moments the seed chooses. */
export interface Disturber {
  /** Lets it disturb this often from now on. */
  allow(count: number): void;
  /** Takes back what is still allowed; resolves when every paused process goes on. */
  rest(): Promise<void>;
  /** As `rest`, for good. */
  stop(): Promise<void>;
}

export interface DisturberOptions {
  readonly platform: Platform;
  readonly random: () => number;
  /** Counts what was done, by what and to whom: `killed market`, `paused issuance-2`. */
  readonly done: Record<string, number>;
  readonly say: (line: string) => void;
  /** Share of disturbances that are pauses; 0 with a single instance, which nobody stands in for. */
  readonly pauseShare: number;
}

/** Starts at rest: nothing happens before `allow`. */
export function startDisturber(options: DisturberOptions): Disturber {
  const { platform, random, done, say, pauseShare } = options;
  let active = true;
  let allowed = 0;
  const pauses = new Set<Promise<void>>();
  const paused = new Set<ServiceProcess>();

  const pause = async (process: ServiceProcess, forMs: number): Promise<void> => {
    paused.add(process);
    process.pause();
    await delay(forMs);
    process.continue();
    paused.delete(process);
  };

  const disturbOne = async (): Promise<void> => {
    await delay(between(betweenMsMin, betweenMsMax, random()));
    const [draw, pick, length] = [random(), random(), random()];
    if (allowed === 0) return;
    const downMs = between(50, 450, length);
    let what: string;
    if (platform.kafka && draw < 0.1) {
      what = 'killed kafka';
      await platform.kafka.kill();
      await delay(downMs);
      await platform.kafka.restart();
    } else if (draw < 0.2) {
      what = 'killed postgres';
      await platform.postgres.kill();
      await delay(downMs);
      await platform.postgres.restart();
    } else {
      const process = platform.processes[Math.floor(pick * platform.processes.length)];
      if (!process?.running || paused.has(process)) return;
      if (draw >= 1 - 0.8 * pauseShare) {
        // One at a time: two paused instances of a service are an outage, not a hand-over.
        if (paused.size > 0) return;
        what = `paused ${process.name}`;
        const ended = pause(process, between(pauseMsMin, pauseMsMax, length));
        pauses.add(ended);
        void ended.then(() => pauses.delete(ended));
      } else {
        what = `killed ${process.name}`;
        await process.kill();
      }
    }
    allowed -= 1;
    done[what] = (done[what] ?? 0) + 1;
    say(what);
  };
  let disturbing: Promise<void> = Promise.resolve();
  const rest = async (): Promise<void> => {
    allowed = 0;
    await disturbing;
    await Promise.all(pauses);
  };
  const loop = (async (): Promise<void> => {
    while (active) {
      disturbing = disturbOne();
      await disturbing;
    }
  })();
  return {
    allow: (count) => {
      allowed = count;
    },
    rest,
    stop: async () => {
      active = false;
      await rest();
      await loop;
    },
  };
}

function between(min: number, max: number, share: number): number {
  return min + share * (max - min);
}
