import { createHash } from 'node:crypto';
import { canonicalJson, type JsonValue } from '@specie/event-sourcing';
import type { AttestedRows } from '@specie/nest-platform';
import type { EntityManager } from 'typeorm';

/** Rows of one read model, as both the service and the audit name and fold them. */
export interface AttestedCollection {
  /** Lower snake case, as in docs/architecture.md. */
  readonly name: string;
  /** In any order; every key at most once. */
  readonly rows: readonly (readonly [key: string, value: JsonValue])[];
}

/** The collections as they stand in the transaction of `manager`. */
export async function readAttested(
  attested: readonly AttestedRows[],
  manager: EntityManager,
): Promise<readonly AttestedCollection[]> {
  const collections: AttestedCollection[] = [];
  for (const { name, read } of attested) {
    collections.push({ name, rows: await read(manager) });
  }
  return collections;
}

export interface CollectionDigest {
  readonly name: string;
  readonly rowCount: number;
  /** SHA-256, hex. */
  readonly digest: string;
}

export interface StateDigest {
  /** SHA-256, hex, over the collections. */
  readonly digest: string;
  /** Sorted by name. */
  readonly collections: readonly CollectionDigest[];
}

/**
 * SHA-256 over the lines `canonicalJson([key, value]) + "\n"`, rows sorted by key in UTF-16 code units.
 *
 * @throws if a key occurs twice: two rows with one key make the digest depend on the order they were read in.
 */
export function digestOfCollection(collection: AttestedCollection): CollectionDigest {
  const rows = [...collection.rows].sort(([a], [b]) => compareCodeUnits(a, b));
  const hash = createHash('sha256');
  let before: string | undefined;
  for (const [key, value] of rows) {
    if (key === before) {
      throw new Error(`the collection ${collection.name} has the key ${key} twice`);
    }
    before = key;
    hash.update(`${canonicalJson([key, value])}\n`);
  }
  return { name: collection.name, rowCount: rows.length, digest: hash.digest('hex') };
}

/** SHA-256 over the lines `canonicalJson([name, digest]) + "\n"` of the collections sorted by name. */
export function digestOfState(collections: readonly AttestedCollection[]): StateDigest {
  const digests = collections
    .map(digestOfCollection)
    .sort((a, b) => compareCodeUnits(a.name, b.name));
  const hash = createHash('sha256');
  for (const { name, digest } of digests) {
    hash.update(`${canonicalJson([name, digest])}\n`);
  }
  return { digest: hash.digest('hex'), collections: digests };
}

// JavaScript compares strings by UTF-16 code units, which is what the digest is defined on; localeCompare is not.
function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
