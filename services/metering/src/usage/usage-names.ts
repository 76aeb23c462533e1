import { derivedId } from '@specie/contracts/ids';

interface NamedRecord {
  readonly source: string;
  readonly recordId: string;
}

/** Names a record indefinitely; every provider has names of its own. */
export function usageIdOf(providerId: string, { source, recordId }: NamedRecord): string {
  return derivedId('usage', providerId, source, recordId);
}

/** The name a record had before names were scoped by provider; logs keep such records. */
export function unscopedUsageIdOf({ source, recordId }: NamedRecord): string {
  return derivedId('usage', source, recordId);
}
