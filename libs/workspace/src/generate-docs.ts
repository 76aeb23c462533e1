import { writeApiDocs } from './api-docs.js';
import { runScript } from './command-line.js';
import { writeEventDocs, writeMissingGoldenFiles } from './event-docs.js';
import { writeMarketDataDocs } from './market-data-docs.js';

await runScript(
  {
    command: 'npm run docs',
    summary:
      'Writes docs/openapi, docs/events and docs/asyncapi*.json from the code, and golden files of events that have none.',
    options: {},
  },
  async () => {
    writeEventDocs();
    for (const path of writeMissingGoldenFiles()) {
      console.log(`new golden file: ${path}`);
    }
    await writeApiDocs();
    await writeMarketDataDocs();
    return 0;
  },
);
