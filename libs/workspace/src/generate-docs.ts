import { writeApiDocs } from './api-docs.js';
import { writeEventDocs, writeMissingGoldenFiles } from './event-docs.js';

writeEventDocs();
for (const path of writeMissingGoldenFiles()) {
  console.log(`new golden file: ${path}`);
}
await writeApiDocs();
