import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { DomainEvent, EventCodec } from '@specie/event-sourcing';
import { createTestDatabase, type TestDatabase } from '@specie/testing';
import { DataSource } from 'typeorm';
import {
  defineProjection,
  openEventStore,
  type EventStoreOptions,
  type PostgresEventStore,
} from '../src/index.js';

export const testKey: KeyObject = generateKeyPairSync('ed25519').privateKey;

/** The events of `trialCommand`, whose data is the same in wire form. */
export type Counted<Data = unknown> = DomainEvent<'trial.counted', Data>;

export const trialCodec: EventCodec = {
  encode: () => {
    throw new Error('the store only decodes');
  },
  decode: ({ type, data }) => ({ type, data }),
};

/** Sends a statement for every batch and writes nothing. */
export const touch = defineProjection<Counted, null>({
  name: 'touch',
  events: { 'trial.counted': () => undefined },
  changes: () => null,
  write: async (manager) => void (await manager.query('select 1')),
});

export interface TestStore {
  readonly store: PostgresEventStore;
  readonly dataSource: DataSource;
  close(): Promise<void>;
}

export function newDataSource(url: string, poolSize = 10): DataSource {
  return new DataSource({ type: 'postgres', url, poolSize, logging: false });
}

/** One instance of a service's store on `url`. */
export async function openInstance(
  url: string,
  options: Partial<EventStoreOptions> = {},
): Promise<TestStore> {
  const dataSource = options.dataSource ?? newDataSource(url);
  const store = await openEventStore({
    logName: 'trial',
    signingKey: testKey,
    codec: trialCodec,
    ...options,
    dataSource,
  });
  return {
    store,
    dataSource,
    close: async () => {
      await store.close();
      if (dataSource.isInitialized) {
        await dataSource.destroy();
      }
    },
  };
}

export interface Trial {
  readonly database: TestDatabase;
  open(options?: Partial<EventStoreOptions>): Promise<TestStore>;
  close(): Promise<void>;
}

/** A database with its stores, all removed by `close`. */
export async function createTrial(): Promise<Trial> {
  const database = await createTestDatabase();
  const stores: TestStore[] = [];
  return {
    database,
    open: async (options) => {
      const opened = await openInstance(database.url, options);
      stores.push(opened);
      return opened;
    },
    close: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await database.drop();
    },
  };
}
