import type { AttestedCollection } from '@specie/attestation';
import type { ServiceName } from '@specie/contracts';
import type { AttestedRows } from '@specie/nest-platform';

export const adaId = 'ada00000-0000-4000-8000-000000000001';

/** What a service without any event attests. */
export function emptyState(service: ServiceName): readonly AttestedCollection[] {
  const names: Partial<Record<ServiceName, readonly string[]>> = {
    compliance: ['parties'],
    issuance: ['capacity', 'series', 'accounts', 'holds'],
    deals: ['classes', 'holdings', 'deals'],
    metering: ['reservations'],
  };
  return (names[service] ?? []).map((name) => ({ name, rows: [] }));
}

export function emptyMarket(): readonly AttestedCollection[] {
  return ['cash', 'tokens', 'orders', 'fees'].map((name) => ({ name, rows: [] }));
}

/** A market in which one party has cash and nothing else happened. */
export function marketWith(available: string): readonly AttestedCollection[] {
  return emptyMarket().map((collection) =>
    collection.name === 'cash'
      ? { name: 'cash', rows: [[adaId, { available, reserved: '0.000000' }] as const] }
      : collection,
  );
}

/** For a service that attests what `stateOf` says at that time. */
export function attestedAs(stateOf: () => readonly AttestedCollection[]): readonly AttestedRows[] {
  return stateOf().map(({ name }) => ({
    name,
    read: () => Promise.resolve(stateOf().find((each) => each.name === name)?.rows ?? []),
  }));
}
