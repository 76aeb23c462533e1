import type pg from 'pg';

/** Another relay moved the checkpoint: this one no longer leads. */
export class RelayFencedError extends Error {
  override readonly name = 'RelayFencedError';
}

/**
 * How far a topic is published, in `relay_checkpoint`: one row for the topic and one per partition with
 * the last position sent there, moved by one statement. The partition rows let every message name its
 * predecessor, also after a restart.
 */
export class RelayCheckpoint {
  private readonly client: pg.Client;
  private readonly topic: string;
  private stored: number;
  private readonly previous: number[];

  private constructor(client: pg.Client, topic: string, stored: number, previous: number[]) {
    this.client = client;
    this.topic = topic;
    this.stored = stored;
    this.previous = previous;
  }

  get position(): number {
    return this.stored;
  }

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
    const { rows } = await client.query<{ relay: string; position: string }>(
      'select relay, position from public.relay_checkpoint where relay = any($1::text[])',
      [names],
    );
    const positions = new Map(rows.map((row) => [row.relay, Number(row.position)]));
    const [position = 0, ...previous] = names.map((name) => positions.get(name) ?? 0);
    return new RelayCheckpoint(client, topic, position, previous);
  }

  /** Notes that `position` follows in `partition`; returns the position it follows. */
  replacePrevious(partition: number, position: number): number {
    const before = this.previous[partition] ?? 0;
    this.previous[partition] = position;
    return before;
  }

  /** @throws RelayFencedError when the stored checkpoint is not the one this relay started from. */
  async store(position: number): Promise<void> {
    const { rowCount } = await this.client.query(
      `with moved as (
         update public.relay_checkpoint set position = $3, updated_at = now()
          where relay = $1 and position = $2 returning 1)
       insert into public.relay_checkpoint (relay, position)
       select name, previous from unnest($4::text[], $5::bigint[]) as partitions (name, previous)
        where exists (select from moved)
       on conflict (relay) do update set position = excluded.position, updated_at = now()`,
      [
        this.topic,
        this.stored,
        position,
        this.previous.map((_, partition) => rowName(this.topic, partition)),
        this.previous,
      ],
    );
    if (rowCount === 0) {
      throw new RelayFencedError(
        `another relay moved the checkpoint of ${this.topic} from ${this.stored}`,
      );
    }
    this.stored = position;
  }
}

function rowName(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
