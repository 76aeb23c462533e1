import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseOfacList, type OfacFiles } from '../domain/screening/ofac-list.js';
import { ScreeningIndex } from '../domain/screening/screening-index.js';
import { sampleList } from './sample-list.js';

/** A loaded sanctions list. */
export class SanctionsList {
  readonly version: string;
  readonly index: ScreeningIndex;

  /** @param version SHA-256 (hex) of the bytes of the files. */
  constructor(version: string, files: OfacFiles) {
    this.version = version;
    this.index = new ScreeningIndex(parseOfacList(files));
  }

  /** Reads the published files, or the sample when no folder is named. @throws if a file is missing. */
  static async load(folder: string | undefined): Promise<SanctionsList> {
    if (folder === undefined) {
      return SanctionsList.of(sampleList);
    }
    const read = (name: string): Promise<Buffer> => readFile(join(folder, name));
    const files = await Promise.all([
      read('sdn.csv'),
      read('alt.csv'),
      read('add.csv'),
      read('sdn_comments.csv'),
    ]);
    const [sdn = '', alt = '', add = '', comments = ''] = files.map((bytes) =>
      bytes.toString('utf8'),
    );
    return new SanctionsList(versionOf(files), { sdn, alt, add, comments });
  }

  private static of(files: OfacFiles): SanctionsList {
    const bytes = [files.sdn, files.alt, files.add, files.comments].map((text) =>
      Buffer.from(text),
    );
    return new SanctionsList(versionOf(bytes), files);
  }
}

function versionOf(files: readonly Buffer[]): string {
  const hash = createHash('sha256');
  files.forEach((bytes) => hash.update(bytes));
  return hash.digest('hex');
}
