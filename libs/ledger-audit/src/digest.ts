import { createHash } from 'node:crypto';
import { canonicalJson, type JsonValue } from '@specie/event-sourcing';

/** Rows of one collection: key and value. */
export interface Collection {
  readonly name: string;
  readonly rows: readonly (readonly [key: string, value: JsonValue])[];
}

export interface CollectionDigest {
  readonly name: string;
  readonly rowCount: number;
  readonly digest: string;
}

export interface StateDigest {
  readonly digest: string;
  readonly collections: readonly CollectionDigest[];
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The digest that docs/architecture.md defines, computed apart from the services' own code. */
export function digestOf(collections: readonly Collection[]): StateDigest {
  const digests = collections
    .map(({ name, rows }) => {
      const lines = [...rows]
        .sort(([a], [b]) => byCodeUnits(a, b))
        .map((row) => `${canonicalJson([row[0], row[1]])}\n`);
      return { name, rowCount: rows.length, digest: sha256(lines) };
    })
    .sort((a, b) => byCodeUnits(a.name, b.name));
  return {
    digest: sha256(digests.map(({ name, digest }) => `${canonicalJson([name, digest])}\n`)),
    collections: digests,
  };
}

function sha256(lines: readonly string[]): string {
  const hash = createHash('sha256');
  lines.forEach((line) => hash.update(line));
  return hash.digest('hex');
}
