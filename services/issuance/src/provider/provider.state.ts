import type {
  CapacityAttested,
  CapacityCommitted,
  CapacityWithdrawn,
  ProviderRegistered,
  SeriesOpened,
  TokensMinted,
} from '@specie/contracts';
import { streamIds } from '@specie/contracts/streams';
import {
  assertNever,
  assertPossible,
  type Aggregate,
  type StreamRef,
} from '@specie/event-sourcing';
import { add, microTokens, type MicroTokens } from '@specie/quantities';

export type ProviderEvent =
  | ProviderRegistered
  | CapacityCommitted
  | CapacityAttested
  | CapacityWithdrawn
  | SeriesOpened
  | TokensMinted;

export type Commitment = CapacityCommitted['data'] & {
  readonly status: 'committed' | 'attested' | 'withdrawn';
  readonly evidenceHash: string | null;
};

export type Series = SeriesOpened['data'] & { readonly minted: MicroTokens };

export interface RegisteredProvider {
  readonly status: 'registered';
  readonly providerId: string;
  readonly uptimeHaircutBps: number;
  readonly commitments: ReadonlyMap<string, Commitment>;
  readonly series: ReadonlyMap<string, Series>;
}

export type Provider = { readonly status: 'unregistered' } | RegisteredProvider;

export const providerAggregate: Aggregate<Provider, ProviderEvent> = {
  initialState: () => ({ status: 'unregistered' }),
  evolve,
};

export function providerStream(providerId: string): StreamRef<Provider, ProviderEvent> {
  return { streamId: streamIds.provider(providerId), aggregate: providerAggregate };
}

function evolve(state: Provider, event: ProviderEvent): Provider {
  if (event.type === 'issuance.provider-registered') {
    assertPossible(state.status === 'unregistered', 'a provider is registered once');
    return { status: 'registered', ...event.data, commitments: new Map(), series: new Map() };
  }
  assertPossible(state.status === 'registered', `${event.type} before registration`);
  switch (event.type) {
    case 'issuance.capacity-committed':
      return withCommitment(state, { ...event.data, status: 'committed', evidenceHash: null });
    case 'issuance.capacity-attested': {
      const { evidenceHash } = event.data;
      return withCommitment(state, {
        ...commitmentOf(state, event),
        status: 'attested',
        evidenceHash,
      });
    }
    case 'issuance.capacity-withdrawn':
      return withCommitment(state, { ...commitmentOf(state, event), status: 'withdrawn' });
    case 'issuance.series-opened':
      return withSeries(state, { ...event.data, minted: microTokens(0n) });
    case 'issuance.tokens-minted': {
      const series = state.series.get(event.data.seriesId);
      assertPossible(series !== undefined, 'a mint of an unknown series');
      return withSeries(state, { ...series, minted: add(series.minted, event.data.quantity) });
    }
    default:
      return assertNever(event);
  }
}

function commitmentOf(
  state: RegisteredProvider,
  event: CapacityAttested | CapacityWithdrawn,
): Commitment {
  const commitment = state.commitments.get(event.data.commitmentId);
  assertPossible(commitment !== undefined, `${event.type} of an unknown commitment`);
  return commitment;
}

function withCommitment(state: RegisteredProvider, commitment: Commitment): Provider {
  const commitments = new Map(state.commitments).set(commitment.commitmentId, commitment);
  return { ...state, commitments };
}

function withSeries(state: RegisteredProvider, series: Series): Provider {
  return { ...state, series: new Map(state.series).set(series.seriesId, series) };
}
