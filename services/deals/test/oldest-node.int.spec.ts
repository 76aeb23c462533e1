import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const built = new URL('../dist/company/company.dto.js', import.meta.url);

/** A Node of the oldest line that is allowed, apart from the pinned one in node_modules. */
function oldNode(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = folders
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .filter((file) => existsSync(file));
  return (
    candidates.find((file) =>
      execFileSync(file, ['--version'], { encoding: 'utf8' }).startsWith('v20.'),
    ) ?? null
  );
}

const node = oldNode();
const skipReason =
  node === null
    ? 'no Node 20 in PATH'
    : existsSync(built)
      ? null
      : 'nothing is built: npm run build';

describe('The built service on the oldest Node', () => {
  it.skipIf(skipReason !== null)(
    `answers the cap table${skipReason ? ` (skipped: ${skipReason})` : ''}`,
    () => {
      const program = `
        import { byHolder, toHolderResponse } from ${JSON.stringify(built.href)};
        const holding = (partyId, classId, shares) => ({ partyId, classId, shares });
        const rows = [holding('a', 'common', 5n), holding('b', 'common', 2n), holding('a', 'seed', 1n)];
        const holders = byHolder(rows).map((each) => toHolderResponse(each, 8n));
        process.stdout.write(JSON.stringify(holders, (_, value) => typeof value === 'bigint' ? String(value) : value));`;
      const output = execFileSync(node ?? '', ['--input-type=module', '--eval', program], {
        encoding: 'utf8',
      });
      const holders = JSON.parse(output) as readonly { readonly partyId: string }[];
      expect(holders.map(({ partyId }) => partyId)).toEqual(['a', 'b']);
    },
  );
});
