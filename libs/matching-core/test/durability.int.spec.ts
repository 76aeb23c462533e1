import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BatchWriter,
  COMMAND_WIDTH,
  JournalFile,
  MatchingCore,
  SnapshotError,
  encodeCommand,
  readJournal,
} from '../src/index.js';
import type { Command, EngineLimits, MatchingEvent } from '../src/index.js';
import { ADA, BEN, CY, openDesk, order } from './desk.js';
import { CommandGenerator } from './simulation/generator.js';

/** A random history and what the engine made of it, command by command. */
interface History {
  readonly limits: EngineLimits;
  readonly commands: readonly Command[];
  readonly events: readonly (readonly MatchingEvent[])[];
  readonly hashes: readonly string[];
  readonly engine: MatchingCore;
}

function record(seed: number, length: number): History {
  const generator = new CommandGenerator(seed);
  const engine = new MatchingCore(generator.limits);
  const commands: Command[] = [];
  const events: MatchingEvent[][] = [];
  const hashes: string[] = [];
  const play = (command: Command): void => {
    commands.push(command);
    events.push(engine.apply(command));
    hashes.push(engine.stateHash());
  };
  generator.opening().forEach(play);
  while (commands.length < length) play(generator.next(engine.stateView()));
  return { limits: generator.limits, commands, events, hashes, engine };
}

/** Equal for equal bytes, and short where they differ. */
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function encode(command: Command): Float64Array {
  const encoded = new Float64Array(COMMAND_WIDTH);
  encodeCommand(command, encoded);
  return encoded;
}

/** Batches of one to seven commands; `ends[i]` is where batch i ends and how many commands lie before that. */
function journalOf(commands: readonly Command[]): {
  bytes: Uint8Array;
  ends: { bytes: number; commands: number }[];
} {
  const writer = new BatchWriter();
  const batches: Uint8Array[] = [];
  const ends = [{ bytes: 0, commands: 0 }];
  let length = 0;
  commands.forEach((command, index) => {
    writer.append(encode(command));
    if (writer.count <= (index * 5) % 7 && index < commands.length - 1) return;
    const batch = writer.seal().slice();
    batches.push(batch);
    length += batch.length;
    ends.push({ bytes: length, commands: index + 1 });
  });
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const batch of batches) {
    bytes.set(batch, at);
    at += batch.length;
  }
  return { bytes, ends };
}

const seeds = [101, 102, 103, 104];

describe('Determinism', () => {
  it.each(seeds)('gives the same events, hash and snapshot again for seed %i', (seed) => {
    const { limits, commands, events, engine } = record(seed, 1_500);
    const again = new MatchingCore(limits);
    expect(commands.map((command) => again.apply(command))).toEqual(events);
    expect(again.stateHash()).toBe(engine.stateHash());
    expect(digest(again.snapshot())).toBe(digest(engine.snapshot()));
  });

  it('has a hash that no process, machine or release of the runtime changes', () => {
    const engine = openDesk();
    engine.apply(order(1, ADA, { side: 'sell' }));
    engine.apply(order(2, BEN, { quantity: 4 }));
    engine.apply(order(3, CY, { price: 101, quantity: 9, stp: 'cancel_oldest' }));
    engine.apply({ kind: 'set_phase', book: 1, phase: 'closing_auction' });
    engine.apply({ kind: 'set_phase', book: 1, phase: 'closed' });
    expect(engine.stateHash()).toBe('68ed73e57e6b45d4169170ebdc5d1a67');
  });

  it.each([1, 2, 7, 64, 10_000])(
    'has the hash it has when events are taken every %i commands',
    (every) => {
      const { limits, commands, hashes } = record(107, 1_500);
      const engine = new MatchingCore(limits);
      commands.forEach((command, at) => {
        engine.execute(encode(command));
        if (at % every === 0) engine.events.clear();
        if (at % 101 === 0) expect(engine.stateHash()).toBe(hashes[at]);
      });
      expect(engine.stateHash()).toBe(hashes.at(-1));
    },
  );

  it.each(seeds)('goes on alike after a restore at any point of seed %i', (seed) => {
    const { limits, commands, events, hashes, engine } = record(seed, 260);
    const original = new MatchingCore(limits);
    commands.forEach((command, at) => {
      original.apply(command);
      const snapshot = original.snapshot();
      const restored = MatchingCore.restore(snapshot);
      expect(digest(restored.snapshot())).toBe(digest(snapshot));
      expect(restored.stateView()).toEqual(original.stateView());
      if (at % 9 !== 0) return;
      for (let i = at + 1; i < commands.length; i++) {
        expect(restored.apply(commands[i] as Command)).toEqual(events[i]);
        expect(restored.stateHash()).toBe(hashes[i]);
      }
      expect(digest(restored.snapshot())).toBe(digest(engine.snapshot()));
    });
  });

  it('writes equal snapshots for equal states with their orders in other records', () => {
    const { engine } = record(105, 1_000);
    const restored = MatchingCore.restore(engine.snapshot());
    const cancelAll: Command[] = [1, 2, 3, 4, 5, 6].map((account) => ({
      kind: 'mass_cancel',
      account,
      book: 0,
    }));
    for (const command of [...record(106, 400).commands, ...cancelAll]) {
      engine.apply(command);
      restored.apply(command);
    }
    expect(digest(restored.snapshot())).toBe(digest(engine.snapshot()));
  });

  it('refuses a snapshot that is cut, damaged or of another version', () => {
    const snapshot = record(107, 200).engine.snapshot();
    for (let at = 0; at < snapshot.length; at += 37) {
      const damaged = snapshot.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      expect(() => MatchingCore.restore(damaged), `byte ${at}`).toThrow(SnapshotError);
      expect(() => MatchingCore.restore(snapshot.slice(0, at)), `cut ${at}`).toThrow(SnapshotError);
    }
  });
});

describe('Journal', () => {
  it.each(seeds)('replays every prefix of seed %i to the hash it had', (seed) => {
    const { limits, commands, hashes } = record(seed, 1_200);
    const { bytes, ends } = journalOf(commands);
    const replayed = new MatchingCore(limits);
    let applied = 0;
    readJournal(bytes, (command) => {
      replayed.execute(command);
      expect(replayed.stateHash()).toBe(hashes[applied]);
      applied++;
    });
    expect(applied).toBe(commands.length);
    expect(ends.length).toBeGreaterThan(100);
  });

  it('recovers the last whole batch from a cut at every one of the last 10,000 bytes', () => {
    const { limits, commands, hashes } = record(108, 1_500);
    const { bytes, ends } = journalOf(commands);
    expect(bytes.length).toBeGreaterThan(10_000);
    let batch = ends.length - 1;
    let verified = -1;
    for (let cut = bytes.length; cut >= bytes.length - 10_000; cut--) {
      while ((ends[batch]?.bytes ?? 0) > cut) batch--;
      const recovered = readJournal(bytes.subarray(0, cut), () => undefined);
      expect(recovered).toEqual({ batches: batch, ...ends[batch] });
      if (batch === verified || batch % 20 !== 0) continue;
      const engine = new MatchingCore(limits);
      readJournal(bytes.subarray(0, cut), (command) => engine.execute(command));
      expect(engine.stateHash()).toBe(hashes[recovered.commands - 1]);
      verified = batch;
    }
  });

  it('stops before a batch with a damaged byte, whichever byte it is', () => {
    const { bytes, ends } = journalOf(record(109, 300).commands);
    const before = ends.at(-2);
    for (let at = before?.bytes ?? 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x01;
      expect(
        readJournal(damaged, () => undefined),
        `byte ${at}`,
      ).toMatchObject({ ...before });
    }
  });

  it('keeps a refused command with its malformed numbers', () => {
    const writer = new BatchWriter();
    const malformed = Float64Array.of(0, 1, NaN, Infinity, -1, 0.5, 2 ** 53, -(2 ** 31), 2 ** 31);
    const wide = new Float64Array(COMMAND_WIDTH);
    wide.set(malformed);
    writer.append(wide);
    readJournal(writer.seal(), (command) => {
      expect([...command]).toEqual([...wide]);
    });
  });
});

describe('JournalFile', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'matching-journal-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('brings back what was committed, drops a torn tail and goes on', () => {
    const path = join(folder, 'book.journal');
    const { commands, limits, engine } = record(110, 400);
    const first = JournalFile.open(path, () => expect.unreachable('the journal is new'));
    for (const command of commands.slice(0, 300)) {
      first.journal.append(encode(command));
      if (command.kind === 'cancel') first.journal.commit();
    }
    first.journal.close();
    const whole = readFileSync(path).length;
    appendFileSync(path, journalOf(commands.slice(300)).bytes.subarray(0, 21));

    const recovered = new MatchingCore(limits);
    const second = JournalFile.open(path, (command) => recovered.execute(command));
    expect(second.recovered).toMatchObject({ commands: 300, bytes: whole });
    expect(readFileSync(path).length).toBe(whole);
    for (const command of commands.slice(300)) {
      second.journal.append(encode(command));
      recovered.apply(command);
    }
    second.journal.close();
    expect(digest(recovered.snapshot())).toBe(digest(engine.snapshot()));

    let count = 0;
    JournalFile.open(path, () => count++).journal.close();
    expect(count).toBe(400);
  });

  it.each(['no journal at all, of any kind', 'SPJ1 is older'])(
    'refuses a file that is no journal, and leaves it alone: %s',
    (content) => {
      const path = join(folder, 'notes');
      writeFileSync(path, content);
      expect(() => JournalFile.open(path, () => undefined)).toThrow('not a journal');
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  it.each(['S', 'SPJ3', 'SPJ3\u0001', '\0\0\0\0\0\0'])(
    'takes what a crash leaves of a first write for a torn tail: %j',
    (content) => {
      const path = join(folder, 'book.journal');
      writeFileSync(path, content);
      JournalFile.open(path, () => expect.unreachable('nothing was whole')).journal.close();
      expect(statSync(path).size).toBe(0);
    },
  );

  it('refuses a journal that is damaged before its last batch, and leaves it alone', () => {
    const path = join(folder, 'book.journal');
    const { bytes, ends } = journalOf(record(113, 100).commands);
    const [first = 0, second = 0] = ends.slice(1).map((end) => end.bytes);
    for (const at of [first, first + 4, first + 12, second - 1]) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      writeFileSync(path, damaged);
      expect(() => JournalFile.open(path, () => undefined), `byte ${at}`).toThrow(
        `damaged at byte ${first}`,
      );
      expect(digest(readFileSync(path))).toBe(digest(damaged));
    }
  });

  it('reads a journal, and a batch of it, larger than what it reads at once', () => {
    const path = join(folder, 'book.journal');
    const { commands } = record(112, 200);
    const small = journalOf(commands).bytes;
    const writer = new BatchWriter();
    const command = encode(order(1, ADA));
    const many = 2_500_000;
    for (let i = 0; i < many; i++) writer.append(command);
    const large = writer.seal();
    expect(large.length).toBeGreaterThan(2 ** 26);
    for (const bytes of [small, large, small, small.subarray(0, 21)]) appendFileSync(path, bytes);

    let count = 0;
    const { journal, recovered } = JournalFile.open(path, () => count++);
    journal.close();
    expect(count).toBe(many + 400);
    expect(recovered).toMatchObject({ commands: count, bytes: large.length + 2 * small.length });
    expect(statSync(path).size).toBe(recovered.bytes);
  });

  it('recovers from a snapshot and the commands after it', () => {
    const path = join(folder, 'book.journal');
    const { commands, limits, engine } = record(111, 500);
    const { journal } = JournalFile.open(path, () => undefined);
    const live = new MatchingCore(limits);
    commands.forEach((command, at) => {
      journal.append(encode(command));
      live.apply(command);
      if (at === 249) writeFileSync(join(folder, 'snapshot'), live.snapshot());
    });
    journal.close();

    const recovered = MatchingCore.restore(readFileSync(join(folder, 'snapshot')));
    let position = 0;
    JournalFile.open(path, (command) => {
      if (++position > recovered.commandSequence) recovered.execute(command);
    }).journal.close();
    expect(digest(recovered.snapshot())).toBe(digest(engine.snapshot()));
  });
});
