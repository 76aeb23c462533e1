import { portOf, serviceNames, type ServiceName } from '@specie/local-platform';
import { setTimeout as delay } from 'node:timers/promises';

const startPatienceMs = 90_000;

/**
 * Waits until a platform that somebody else started can serve.
 *
 * @throws Error at once when nothing listens for some service: then it was not started, or is elsewhere.
 */
export async function awaitRunning(
  firstPort: number,
  say: (line: string) => void,
): Promise<(service: ServiceName) => string> {
  const urlOf = (service: ServiceName): string => `http://127.0.0.1:${portOf(service, firstPort)}`;
  const deadline = Date.now() + startPatienceMs;
  for (let isFirst = true; ; isFirst = false) {
    const states = await Promise.all(
      serviceNames.map(async (service) => ({ service, state: await stateAt(urlOf(service)) })),
    );
    const absent = states.filter(({ state }) => state === 'absent');
    if (absent.length > 0) {
      throw new Error(
        [
          'No platform to attach to:',
          ...absent.map(({ service }) => `  nothing answers at ${urlOf(service)} (${service})`),
          'Start one first: `npm start`, or `docker compose up --build --wait`.',
          'One with ports of its own is found by --port or SPECIE_PORT.',
        ].join('\n'),
      );
    }
    const waiting = states.filter(({ state }) => state === 'starting');
    if (waiting.length === 0) return urlOf;
    const names = waiting.map(({ service }) => service).join(', ');
    if (Date.now() > deadline) {
      throw new Error(`not ready after ${startPatienceMs / 1_000} s: ${names}`);
    }
    if (isFirst) say(`waiting for ${names} to get ready`);
    await delay(250);
  }
}

async function stateAt(url: string): Promise<'absent' | 'starting' | 'ready'> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok ? 'ready' : 'starting';
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'starting' : 'absent';
  }
}
