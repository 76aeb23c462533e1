import type { Platform, ServiceProcess } from '@specie/local-platform';
import { setTimeout as delay } from 'node:timers/promises';
import { type Actor, type ApiClient, type Json, textOf } from '../../src/api-client.js';
import type { Cast } from '../../src/story/cast.js';

const withdrawalCount = 8;
const amount = 1_000_000;
const deadlineMs = 60_000;

interface Answer {
  readonly key: string;
  /** Null: no answer, the connection failed. */
  readonly status: number | null;
  readonly code: string;
}

/**
 * Pauses the market's writer while cash withdrawals wait on open connections to it, lets another instance
 * take over and book the cash they need, then lets the first one go on: it knows nothing of the cash, so
 * whatever it decides on its own memory would be wrong. Needs two instances and a party that may trade.
 *
 * @returns what broke: an answer of the replaced writer that reached a client or the store.
 */
export async function replaceWriter(run: {
  readonly platform: Platform;
  readonly api: ApiClient;
  readonly cast: Cast;
  readonly avoid: (url: string | null) => void;
  readonly say: (line: string) => void;
}): Promise<readonly string[]> {
  const { platform, api, cast, avoid, say } = run;
  const [investor] = cast.investors;
  const writer = await writerOf(platform);
  writer.pause();
  avoid(writer.url);
  let answers: Promise<readonly Answer[]>;
  try {
    answers = withdrawAtOnce({ api, investor, url: writer.url });
    await writerOf(platform, writer);
    for (let count = 0; count < withdrawalCount; count += 1) {
      await api.post(cast.marketOperator, 'market', '/cash-deposits', {
        partyId: investor.partyId,
        currency: 'USD',
        amount: `${amount}.000000`,
      });
    }
  } finally {
    writer.continue();
    avoid(null);
  }
  const findings: string[] = [];
  for (const { key, status, code } of await answers) {
    if (status !== null && status < 500 && status >= 300) {
      findings.push(`the replaced writer answered a withdrawal ${status} ${code}`);
    }
    try {
      await api.post(investor, 'market', '/cash-withdrawals', withdrawal, key);
    } catch (error) {
      findings.push(
        `a withdrawal that is covered is refused when it is repeated: ${String(error)}`,
      );
    }
  }
  say(`replaced the market's writer ${writer.name} while it was paused`);
  return findings;
}

const withdrawal: Json = { currency: 'USD', amount: `${amount}.000000` };

async function withdrawAtOnce(to: {
  readonly api: ApiClient;
  readonly investor: Actor;
  readonly url: string;
}): Promise<readonly Answer[]> {
  const token = await to.api.tokenOf(to.investor);
  return Promise.all(
    Array.from({ length: withdrawalCount }, async (): Promise<Answer> => {
      const key = crypto.randomUUID();
      try {
        const response = await fetch(`${to.url}/cash-withdrawals`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'idempotency-key': key,
          },
          body: JSON.stringify(withdrawal),
          signal: AbortSignal.timeout(deadlineMs),
        });
        const body = (await response.json()) as Json;
        return { key, status: response.status, code: textOf(body['code']) };
      } catch {
        return { key, status: null, code: '' };
      }
    }),
  );
}

/** The market instance that says it is the writer; another than `replaced`, when given. */
async function writerOf(platform: Platform, replaced?: ServiceProcess): Promise<ServiceProcess> {
  const deadline = Date.now() + deadlineMs;
  const candidates = platform.processes.filter(
    (process) => process.name.startsWith('market') && process !== replaced,
  );
  for (;;) {
    for (const process of candidates) {
      if (await isWriter(process.url)) return process;
    }
    if (Date.now() > deadline) throw new Error('no instance of the market became the writer');
    await delay(100);
  }
}

async function isWriter(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    const body = (await response.json()) as { details?: { writer?: { role?: string } } };
    return body.details?.writer?.role === 'writer';
  } catch {
    return false;
  }
}
