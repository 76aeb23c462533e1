import { isConnectionLoss } from './errors.js';

const attemptCountMax = 6;
const pauseMs = 40;

/** Repeats a read whose pooled connection turned out to be dead. Reads have no effect, so this is safe. */
export async function retryRead<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (attempt === attemptCountMax || !isConnectionLoss(error)) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs * attempt));
    }
  }
}
