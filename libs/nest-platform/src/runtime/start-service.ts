import { ConfigError } from '../settings/config.js';
import type { ServiceDefinition } from '../definition.js';
import { describeError } from '../logging.js';
import { migrate } from './migrate.js';
import { recoveryCommands, type acceptCut } from './recovery.js';
import { runService, type ServiceApp } from './service-app.js';

const commands = { ...recoveryCommands, migrate } as const;

/** What is left after the orderly steps must not keep the process alive. */
const exitGraceMs = 500;

/**
 * Starts the service with the settings of the environment and runs it until it is told to stop; or, given
 * one on the command line, runs a command of operators and ends.
 */
export async function startService(definition: ServiceDefinition): Promise<void> {
  const [, , command, ...args] = process.argv;
  if (command !== undefined) {
    await runCommand(definition, command, args);
    return;
  }
  let service: ServiceApp;
  try {
    service = await runService(definition, { env: process.env });
  } catch (error) {
    reportFailedStart(definition.name, error);
    process.exit(1);
  }
  const { logger, metrics } = service;
  metrics.collectProcess();
  const stop = (signal: string): void => {
    logger.info({ signal }, 'stopping');
    void service.close().then(() => {
      logger.info('stopped');
      setTimeout(() => process.exit(0), exitGraceMs).unref();
    });
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  // A promise nobody waits for is a bug, but one request's bug must not end all others.
  process.on('unhandledRejection', (error) =>
    logger.error(describeError(error), 'unhandled rejection'),
  );
  process.on('uncaughtException', (error) => {
    logger.fatal(describeError(error), 'uncaught exception; the state is in doubt');
    process.exit(70);
  });
}

async function runCommand(
  definition: ServiceDefinition,
  command: string,
  args: readonly string[],
): Promise<void> {
  try {
    const run = (commands as Partial<Record<string, typeof acceptCut>>)[command];
    if (run === undefined) {
      throw new Error(`no command ${command}; known: ${Object.keys(commands).join(', ')}`);
    }
    process.stdout.write(`${await run(definition, process.env, args)}\n`);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${definition.name}: ${text}\n`);
    process.exitCode = 1;
  }
}

function reportFailedStart(name: string, error: unknown): void {
  // Settings are the operator's own, and the message of a ConfigError has no values in it.
  const text =
    error instanceof ConfigError ? error.message : `${name} cannot start: ${textOf(error)}`;
  process.stderr.write(`${text}\n`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
