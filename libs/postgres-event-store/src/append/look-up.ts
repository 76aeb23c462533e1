import { inboxPairsOf, type JsonValue } from '@specie/event-sourcing';
import type { LogTables } from '../schema/log-tables.js';
import { commandEvents, pair, type Knowledge } from './batch-builder.js';
import type { Command } from './command.js';

export type RunQuery = <Row>(text: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/** Current version by stream id; 0 for streams without events. */
export async function lookUpVersions(
  query: RunQuery,
  tables: LogTables,
  streamIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (streamIds.length === 0) {
    return new Map();
  }
  const rows = await query<{ stream_id: string; version: number }>(
    `select s.stream_id,
            coalesce((select e.stream_version from ${tables.events} e where e.stream_id = s.stream_id
                       order by e.stream_version desc limit 1), 0) as version
       from unnest($1::text[]) as s(stream_id)`,
    [streamIds],
  );
  return new Map(rows.map((row) => [row.stream_id, row.version]));
}

/** Reads everything that decides the outcome of `commands`. Exact only while the head row is locked. */
export async function lookUp(
  query: RunQuery,
  tables: LogTables,
  commands: readonly Command[],
): Promise<Knowledge & { readonly versions: ReadonlyMap<string, number> }> {
  const answers = await lookUpAnswers(query, tables, commands);
  const inbox = await lookUpInbox(query, tables, commands);
  const runs = await lookUpRuns(query, tables, commands);
  const streamIds = new Set(
    commands.flatMap(({ request }) => request.streams.map(({ streamId }) => streamId)),
  );
  const versions = await lookUpVersions(query, tables, [...streamIds]);
  return {
    answerOf: (scope, key) => answers.get(pair(scope, key)),
    inInbox: (consumer, eventId) => inbox.has(pair(consumer, eventId)),
    earlierRun: (command) => {
      const run = runs.get(command.request.commandId);
      if (run === undefined) {
        return 'none';
      }
      return run === commandEvents(command) ? 'same' : 'different';
    },
    versionOf: (streamId) => versions.get(streamId),
    versions,
  };
}

async function lookUpAnswers(
  query: RunQuery,
  tables: LogTables,
  commands: readonly Command[],
): Promise<ReadonlyMap<string, { readonly bodyHash: string; readonly answer: JsonValue }>> {
  const keys = commands.flatMap(({ request }) =>
    request.idempotency ? [request.idempotency] : [],
  );
  return findAnswers(query, tables, keys);
}

/** Stored answers by `pair(scope, key)`. */
export async function findAnswers(
  query: RunQuery,
  tables: LogTables,
  keys: readonly { readonly scope: string; readonly key: string }[],
): Promise<ReadonlyMap<string, { readonly bodyHash: string; readonly answer: JsonValue }>> {
  if (keys.length === 0) {
    return new Map();
  }
  const rows = await query<{ scope: string; key: string; body_hash: string; answer: Buffer }>(
    `select s.scope, s.key, s.body_hash, s.answer
       from unnest($1::text[], $2::text[]) as k(scope, key)
       join ${tables.commandSeen} s on s.scope = k.scope and s.key = k.key`,
    [keys.map(({ scope }) => scope), keys.map(({ key }) => key)],
  );
  return new Map(
    rows.map((row) => [
      pair(row.scope, row.key),
      { bodyHash: row.body_hash, answer: JSON.parse(row.answer.toString('utf8')) as JsonValue },
    ]),
  );
}

async function lookUpInbox(
  query: RunQuery,
  tables: LogTables,
  commands: readonly Command[],
): Promise<ReadonlySet<string>> {
  const pairs = commands.flatMap(({ request }) => inboxPairsOf(request));
  if (pairs.length === 0) {
    return new Set();
  }
  const rows = await query<{ consumer: string; event_id: string }>(
    `select i.consumer, i.event_id
       from unnest($1::text[], $2::text[]) as k(consumer, event_id)
       join ${tables.inbox} i on i.consumer = k.consumer and i.event_id = k.event_id`,
    [pairs.map(({ consumer }) => consumer), pairs.map(({ eventId }) => eventId)],
  );
  return new Set(rows.map((row) => pair(row.consumer, row.event_id)));
}

/**
 * The events of earlier runs as comparable texts, by command id. A command's first event has the
 * command's id, and its events stand next to each other, so no index on the command id is needed.
 */
async function lookUpRuns(
  query: RunQuery,
  tables: LogTables,
  commands: readonly Command[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(commands.map(({ request }) => request.commandId))];
  const hits = await query<{ event_id: string; command_id: string; position: string }>(
    `select event_id, command_id, position from ${tables.events} where event_id = any($1::uuid[])`,
    [ids],
  );
  const runs = new Map<string, string>();
  for (const hit of hits) {
    if (hit.command_id !== hit.event_id) {
      // The id belongs to a later event of another command: never the same command.
      runs.set(hit.event_id, '\0foreign');
      continue;
    }
    runs.set(hit.event_id, await readRun(query, tables, hit.command_id, Number(hit.position)));
  }
  return runs;
}

async function readRun(
  query: RunQuery,
  tables: LogTables,
  commandId: string,
  firstPosition: number,
): Promise<string> {
  const rows = await query<{
    stream_id: string;
    type: string;
    schema_version: number;
    data: Buffer;
  }>(
    `with recursive run as (
       select position, command_id, stream_id, type, schema_version, data
         from ${tables.events} where position = $2
       union all
       select e.position, e.command_id, e.stream_id, e.type, e.schema_version, e.data
         from run join ${tables.events} e on e.position = run.position + 1 and e.command_id = $1
     ) select stream_id, type, schema_version, data from run order by position`,
    [commandId, firstPosition],
  );
  return rows
    .flatMap((row) => [row.stream_id, row.type, row.schema_version, row.data.toString('utf8')])
    .join('\0');
}
