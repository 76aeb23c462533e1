import { COMMAND_WIDTH, JournalFile, encodeCommand } from '../../src/index.js';
import { order } from '../desk.js';

/**
 * `node full-disk.ts <path>` commits orders, some hundred to a batch, until the disk takes no more, and prints how many
 * it could acknowledge and how the journal answers from then on.
 */
const [path = ''] = process.argv.slice(2);
const BATCH = 300;
const BATCHES_MAX = 1_000;

const { journal } = JournalFile.open(path, () => undefined);
const command = new Float64Array(COMMAND_WIDTH);
let acknowledged = 0;

function commitBatch(): string {
  for (let i = 1; i <= BATCH; i++) {
    encodeCommand(order(acknowledged + i, 1), command);
    journal.append(command);
  }
  try {
    journal.commit();
    acknowledged += BATCH;
    return '';
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

let first = '';
for (let i = 0; i < BATCHES_MAX && first === ''; i++) first = commitBatch();
const second = commitBatch();
journal.close();
process.stdout.write(JSON.stringify({ acknowledged, first, second }));
