import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const nothing = '-0- ,'.repeat(8).slice(0, -1);
const alt = '1,1,"aka","ERSTE, Ann",-0- \r\n';

/** A row of sdn.csv. */
export function entry(number: number, name: string): string {
  return `${number},"${name}","individual","SAMPLE",${nothing}\r\n`;
}

/** Writes the four files of a list. */
export async function writeList(
  folder: string,
  files: { readonly sdn: string | Buffer },
): Promise<void> {
  const others = {
    'alt.csv': files.sdn.length === 0 ? '' : alt,
    'add.csv': '',
    'sdn_comments.csv': '',
  };
  for (const [name, text] of Object.entries(others)) {
    await writeFile(join(folder, name), text);
  }
  await writeFile(join(folder, 'sdn.csv'), files.sdn);
}
