import type { ReplayedEvent } from '@specie/event-sourcing';
import pg, { type Client } from 'pg';
import type { DataSource } from 'typeorm';
import { discardRunner } from '../connection/discard-runner.js';
import { retryRead } from '../connection/retry-read.js';
import type { LogTables } from '../schema/log-tables.js';
import { runCopyOut } from './copy-out.js';
import { LogEventView } from './log-event-view.js';

/** `eventColumns` in their order, without what a fold does not need: fewer bytes to send. */
const foldedColumns = `position, ''::text, stream_version, event_id, command_id, type, schema_version, occurred_at,
  occurred_at, occurred_at, ''::bytea, data, ''::bytea, null::bytea`;

/** Streams the events of one stream in order; after the loss of a connection it goes on where it was. */
export async function replayStream(
  { dataSource, tables }: { readonly dataSource: DataSource; readonly tables: LogTables },
  {
    streamId,
    afterVersion,
    onEvent,
  }: {
    readonly streamId: string;
    readonly afterVersion: number;
    readonly onEvent: (event: ReplayedEvent) => void;
  },
): Promise<void> {
  const view = new LogEventView();
  let version = afterVersion;
  let thrown: { readonly error: unknown } | null = null;
  await retryRead(async () => {
    const runner = dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as Client;
      // By the index of the stream: a sort would read all of it before it sends the first event.
      const text = `begin; set local enable_sort = off;
        copy (select ${foldedColumns} from ${tables.events}
          where stream_id = ${pg.escapeLiteral(streamId)} and stream_version > ${version}
          order by stream_version) to stdout (format binary); commit`;
      await runCopyOut(client, text, (bytes, start) => {
        view.moveTo(bytes, start);
        try {
          onEvent(view.toReplayedEvent());
        } catch (error) {
          thrown = { error };
          throw error;
        }
        version = view.streamVersion;
      });
    } catch (error) {
      await discardRunner(runner);
      if (!thrown) {
        throw error;
      }
      return;
    }
    await runner.release();
  });
  if (thrown) {
    throw (thrown as { readonly error: unknown }).error;
  }
}
