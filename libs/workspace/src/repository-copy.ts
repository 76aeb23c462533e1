import { cpSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from './repository.js';
import { trackedFiles } from './tidy.js';

const own = '@specie';

/** A temporary folder with every tracked file and the installed packages; its projects use each other, not the originals. */
export function copyRepository(prefix: string): string {
  const copy = mkdtempSync(join(tmpdir(), prefix));
  for (const file of trackedFiles()) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(repositoryRoot, file), join(copy, file));
  }
  const installed = join(repositoryRoot, 'node_modules');
  const linked = join(copy, 'node_modules');
  mkdirSync(join(linked, own), { recursive: true });
  for (const name of readdirSync(installed).filter((each) => each !== own)) {
    symlinkSync(join(installed, name), join(linked, name));
  }
  for (const name of readdirSync(join(installed, own))) {
    symlinkSync(readlinkSync(join(installed, own, name)), join(linked, own, name));
  }
  return copy;
}
