import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runScript } from './command-line.js';
import { repositoryRoot } from './repository.js';
import { aboveUnit } from './spec-level.js';

await runScript(
  {
    command: 'npm test',
    summary:
      'Runs the tests once, with the servers that they need. What else is given goes to vitest, such as `--project issuance`, a part of a file name, `.int.spec` or `-t name`; `npx vitest run --help` lists it.',
    options: {
      unit: { type: 'boolean', help: 'only what needs no database, broker, browser or process' },
    },
    passesOn: true,
  },
  async ({ options, rest }) => {
    // Pure specs leave nothing behind, so they can share workers and a process. Three workers were the fastest on two cores.
    const unit = options.unit
      ? ['--exclude', aboveUnit, '--no-isolate', '--pool', 'threads', '--maxWorkers', '3']
      : [];
    process.argv.splice(2, Infinity, 'run', ...unit, ...rest);
    // In this process, so that signals reach the run and end its servers.
    await import(pathToFileURL(join(repositoryRoot, 'node_modules/vitest/vitest.mjs')).href);
    return 0;
  },
);
