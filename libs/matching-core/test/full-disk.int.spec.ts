import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalFile } from '../src/index.js';

const file = (name: string) => fileURLToPath(new URL(`./process/${name}`, import.meta.url));
/** In blocks of 512 or 1,024 bytes, as the shell has it. */
const LARGEST_FILE_BLOCKS = 64;

interface Outcome {
  readonly acknowledged: number;
  readonly first: string;
  readonly second: string;
}

/** The shell limits the size of files: the write that crosses it is cut short, the next one fails. */
async function fillDisk(path: string): Promise<Outcome> {
  const script = `trap '' XFSZ; ulimit -f ${LARGEST_FILE_BLOCKS}; exec "$@"`;
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    script,
    'sh',
    process.execPath,
    '--no-warnings',
    `--import=${file('../../../testing/typescript-sources.mjs')}`,
    file('full-disk.ts'),
    path,
  ]);
  return JSON.parse(stdout) as Outcome;
}

describe.skipIf(process.platform === 'win32')(
  'JournalFile on a disk that is full (needs a POSIX shell)',
  () => {
    let folder = '';
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'matching-journal-'));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true });
    });

    it('says so, writes nothing behind the torn batch, and loses nothing it acknowledged', async () => {
      const path = join(folder, 'book.journal');
      const { acknowledged, first, second } = await fillDisk(path);
      expect(acknowledged).toBeGreaterThan(0);
      expect(first).toContain('could not be written');
      expect(second).toContain('open the journal again');
      const torn = statSync(path).size;

      const { journal, recovered } = JournalFile.open(path, () => undefined);
      journal.close();
      expect(recovered.commands).toBe(acknowledged);
      expect(recovered.bytes).toBeLessThan(torn);
      expect(statSync(path).size).toBe(recovered.bytes);
    });
  },
);
