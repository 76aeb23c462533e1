import type { Client } from 'pg';
import type { QueryRunner } from 'typeorm';

/**
 * Closes the connection of a runner instead of giving it back. The pool must learn of the end before the
 * release, or it would hand the dead connection to the next caller.
 */
export async function discardRunner(runner: QueryRunner): Promise<void> {
  if (runner.isReleased) {
    return;
  }
  try {
    const { stream } = ((await runner.connect()) as Client).connection;
    if (!stream.closed) {
      await new Promise((resolve) => {
        stream.once('close', resolve);
        stream.destroy();
      });
    }
    if (!runner.isReleased) {
      await runner.release();
    }
  } catch {
    // It could not even connect, so there is nothing to give back.
  }
}
