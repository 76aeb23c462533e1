import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Provider } from '@nestjs/common';
import { SERVICE_CONFIG } from '@specie/nest-platform';
import type { ComplianceConfig } from '../compliance.config.js';
import { listFiles, ListRefusedError, type ListFile, type ListProblem } from './list-file.js';
import type { OfacFiles } from './ofac-list.js';
import { sampleList } from './sample-list.js';

/** The bytes of a list, in the order of `listFiles`. */
export type ListBytes = readonly [sdn: Buffer, alt: Buffer, add: Buffer, comments: Buffer];

/** Where lists come from. */
export interface ListSource {
  /** Changes when the files may have changed; null while there is no list to look at. */
  fingerprint(): Promise<string | null>;
  /** @throws ListRefusedError if a file is missing */
  read(): Promise<ListBytes>;
}

/** Injection token of the `ListSource`. */
export const LIST_SOURCE = Symbol.for('specie:sanctions-list-source');

export const listSourceProvider: Provider = {
  provide: LIST_SOURCE,
  useFactory: ({ SANCTIONS_DIR }: ComplianceConfig): ListSource =>
    SANCTIONS_DIR === undefined ? sampleSource : folderSource(SANCTIONS_DIR),
  inject: [SERVICE_CONFIG],
};

/** The four files of a folder. */
function folderSource(folder: string): ListSource {
  return {
    fingerprint: async () => {
      const stats = await Promise.all(
        listFiles.map((file) => stat(join(folder, file)).catch(() => null)),
      );
      return stats
        .map((found) =>
          found === null ? 'missing' : `${found.ino} ${found.size} ${found.mtimeMs}`,
        )
        .join(', ');
    },
    read: async () => {
      const files = await Promise.all(
        listFiles.map((file) => readFile(join(folder, file)).catch(() => file)),
      );
      const missing = files.filter((file) => typeof file === 'string');
      if (missing.length > 0) {
        throw new ListRefusedError(
          missing.map((file): ListProblem => ({ file, line: 0, reason: 'file_missing' })),
        );
      }
      return files as unknown as ListBytes;
    },
  };
}

/** Made-up names, for when nothing is configured outside production. */
const sampleSource: ListSource = {
  fingerprint: () => Promise.resolve('sample'),
  read: () => {
    const { sdn, alt, add, comments } = sampleList;
    return Promise.resolve(
      [sdn, alt, add, comments].map((text) => Buffer.from(text)) as unknown as ListBytes,
    );
  },
};

/** SHA-256 (hex) of the bytes of the files. */
export function versionOf(bytes: ListBytes): string {
  const hash = createHash('sha256');
  bytes.forEach((file) => hash.update(file));
  return hash.digest('hex');
}

/** @throws ListRefusedError naming every line that is not UTF-8 */
export function textsOf(bytes: ListBytes): OfacFiles {
  const problems: ListProblem[] = [];
  const [sdn = '', alt = '', add = '', comments = ''] = bytes.map((file, place) => {
    try {
      return decoded(file);
    } catch {
      problems.push(...undecodable(listFiles[place] ?? 'sdn.csv', file));
      return '';
    }
  });
  if (problems.length > 0) {
    throw new ListRefusedError(problems);
  }
  return { sdn, alt, add, comments };
}

function decoded(bytes: Buffer): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function undecodable(file: ListFile, bytes: Buffer): readonly ListProblem[] {
  const problems: ListProblem[] = [];
  // A line feed is one byte in any encoding that could be meant.
  for (const [place, line] of bytes.toString('latin1').split('\n').entries()) {
    try {
      decoded(Buffer.from(line, 'latin1'));
    } catch {
      problems.push({ file, line: place + 1, reason: 'not_utf8' });
    }
  }
  return problems;
}
