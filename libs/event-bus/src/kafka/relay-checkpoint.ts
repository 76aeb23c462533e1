import type pg from 'pg';
import type { LogRecord } from '../log-record.js';
import { genesis, partitionHash, type ChainPoint } from '../verify/partition-chain.js';
import { RelayFencedError } from './relay-lease.js';

/**
 * How far a topic is published, in `relay_checkpoint`: one row for the topic, with the log's chain hash, and
 * one per partition with the last position sent there and the hash of the partition's chain, moved by one
 * statement. The partition rows let every message follow its predecessor, also after a restart.
 */
export class RelayCheckpoint {
  private readonly client: pg.Client;
  private readonly topic: string;
  private stored: ChainPoint;
  private readonly heads: ChainPoint[];

  private constructor(client: pg.Client, topic: string, stored: ChainPoint, heads: ChainPoint[]) {
    this.client = client;
    this.topic = topic;
    this.stored = stored;
    this.heads = heads;
  }

  /** What is published of the log. */
  get point(): ChainPoint {
    return this.stored;
  }

  get partitionHeads(): readonly ChainPoint[] {
    return this.heads;
  }

  /** @throws Error when the topic was published by a relay that made no hashes. */
  static async load(
    client: pg.Client,
    topic: string,
    partitionCount: number,
  ): Promise<RelayCheckpoint> {
    const names = [
      topic,
      ...Array.from({ length: partitionCount }, (_, partition) => rowName(topic, partition)),
    ];
    await client.query(
      `insert into public.relay_checkpoint (relay, position) select name, 0 from unnest($1::text[]) as names (name)
       on conflict (relay) do nothing`,
      [names],
    );
    const { rows } = await client.query<{
      relay: string;
      position: string;
      chain_hash: Buffer | null;
    }>(
      'select relay, position, chain_hash from public.relay_checkpoint where relay = any($1::text[])',
      [names],
    );
    const found = new Map(rows.map((row) => [row.relay, row]));
    const [point = genesis, ...heads] = names.map((name): ChainPoint => {
      const position = Number(found.get(name)?.position ?? 0);
      const hash = position === 0 ? genesis.hash : found.get(name)?.chain_hash;
      if (!hash) {
        throw new Error(
          `${topic} was published without signatures: publish it again under another KAFKA_TOPIC_PREFIX`,
        );
      }
      return { position, hash };
    });
    // Back at the start, as for a topic that was deleted and created: nothing of the partitions counts either.
    return point.position === 0
      ? new RelayCheckpoint(
          client,
          topic,
          genesis,
          heads.map(() => genesis),
        )
      : new RelayCheckpoint(client, topic, point, heads);
  }

  /** Notes that `record` follows in `partition`; returns where the partition stood and where it stands now. */
  follow(
    partition: number,
    logName: string,
    record: LogRecord,
  ): { readonly before: ChainPoint; readonly after: ChainPoint } {
    const before = this.heads[partition] ?? genesis;
    const after = { position: record.position, hash: partitionHash(logName, before, record) };
    this.heads[partition] = after;
    return { before, after };
  }

  /** Goes back to the start: the topic holds nothing of the log, so everything is published again. */
  async restart(): Promise<void> {
    this.heads.fill(genesis);
    await this.store(genesis);
  }

  /** @throws RelayFencedError when the stored checkpoint is not the one this relay started from. */
  async store(point: ChainPoint): Promise<void> {
    const { rowCount } = await this.client.query(
      `with moved as (
         update public.relay_checkpoint set position = $3, chain_hash = decode($6, 'hex'), updated_at = now()
          where relay = $1 and position = $2 returning 1)
       insert into public.relay_checkpoint (relay, position, chain_hash)
       select name, previous, decode(hash, 'hex') from unnest($4::text[], $5::bigint[], $7::text[]) as partitions (name, previous, hash)
        where exists (select from moved)
       on conflict (relay) do update
          set position = excluded.position, chain_hash = excluded.chain_hash, updated_at = now()`,
      [
        this.topic,
        this.stored.position,
        point.position,
        this.heads.map((_, partition) => rowName(this.topic, partition)),
        this.heads.map(({ position }) => position),
        point.hash.toString('hex'),
        this.heads.map(({ hash }) => hash.toString('hex')),
      ],
    );
    if (rowCount === 0) {
      throw new RelayFencedError(
        `another relay moved the checkpoint of ${this.topic} from ${this.stored.position}`,
      );
    }
    this.stored = point;
  }
}

function rowName(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
