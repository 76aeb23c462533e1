import { ByteReader, ByteWriter, checksum } from './bytes.js';
import { COMMAND_WIDTH, commandLength } from './fields.js';

/**
 * The journal: batches of commands in their binary form. A batch is
 *
 *     u32 magic+version | u32 body bytes | u32 commands | u32 checksum of the first three words and the body | body
 *
 * and a command in a body is two 32-bit masks, then its fields: bit i of the first mask says that field i is not zero,
 * bit i of the second that it takes a double; the other fields present take a signed 32-bit integer.
 */
const MAGIC = 0x334a5053; // "SPJ3"
const MAGIC_BYTES = [0x53, 0x50, 0x4a, 0x33];
const HEADER_BYTES = 16;

/** Collects commands and seals them into one batch; nothing of a batch counts until all of it is on disk. */
export class BatchWriter {
  private readonly writer = new ByteWriter();
  private commands = 0;

  get count(): number {
    return this.commands;
  }

  append(source: Float64Array, offset = 0): void {
    const w = this.writer;
    if (this.commands === 0) this.begin();
    const length = commandLength(source, offset);
    let present = 0;
    let wide = 0;
    for (let i = 0; i < length; i++) {
      const value = source[offset + i] as number;
      if (value !== 0) present |= 1 << i;
      if (value !== (value | 0)) wide |= 1 << i;
    }
    w.i32(present);
    w.i32(wide);
    for (let i = 0; i < length; i++) {
      if (((present >>> i) & 1) === 0) continue;
      if (((wide >>> i) & 1) === 0) w.i32(source[offset + i] as number);
      else w.f64(source[offset + i] as number);
    }
    this.commands++;
  }

  /** The batch of what was appended since the last one; its bytes are valid until the next `append`. */
  seal(): Uint8Array {
    const w = this.writer;
    if (this.commands === 0) this.begin();
    w.setU32(4, w.length - HEADER_BYTES);
    w.setU32(8, this.commands);
    w.setU32(12, batchSum(w.written(), 0, w.length));
    this.commands = 0;
    return w.written();
  }

  private begin(): void {
    this.writer.clear();
    this.writer.u32(MAGIC);
    for (let i = 0; i < 3; i++) this.writer.u32(0);
  }
}

export interface Recovered {
  readonly batches: number;
  readonly commands: number;
  /** Length of the intact prefix; whatever follows is a torn tail, to be cut off. */
  readonly bytes: number;
}

/** Bytes of the batch at the start of `journal` as its header has it, whole or not; 0 where no batch starts. */
export function batchLength(journal: Uint8Array): number {
  if (journal.length < HEADER_BYTES) return 0;
  const reader = new ByteReader(journal);
  return reader.u32() === MAGIC ? HEADER_BYTES + reader.u32() : 0;
}

/**
 * Whether what follows the intact batches, `remaining` bytes that begin with `tail`, can be a write that was cut short: the
 * beginning of a header, a batch that would reach the end, or zeros where data never arrived. Anything else is damage, or
 * no journal.
 */
export function isTorn(tail: Uint8Array, remaining: number): boolean {
  const start = tail.subarray(0, MAGIC_BYTES.length);
  if (start.every((byte) => byte === 0)) return true;
  if (!start.every((byte, i) => byte === MAGIC_BYTES[i])) return false;
  const length = batchLength(tail);
  return length <= HEADER_BYTES || length >= remaining;
}

/** Hands every command of every whole batch to `visit`, in order, and stops at the first batch that is not intact. */
export function readJournal(
  journal: Uint8Array,
  visit: (command: Float64Array) => void,
): Recovered {
  const command = new Float64Array(COMMAND_WIDTH);
  const reader = new ByteReader(journal);
  let batches = 0;
  let commands = 0;
  let bytes = 0;
  while (journal.length - bytes >= HEADER_BYTES) {
    reader.at = bytes;
    const magic = reader.u32();
    const end = bytes + HEADER_BYTES + reader.u32();
    const count = reader.u32();
    const sum = reader.u32();
    if (magic !== MAGIC || end > journal.length || sum !== batchSum(journal, bytes, end)) break;
    for (let i = 0; i < count; i++) {
      readCommand(reader, command);
      visit(command);
    }
    batches++;
    commands += count;
    bytes = end;
  }
  return { batches, commands, bytes };
}

function readCommand(reader: ByteReader, command: Float64Array): void {
  const present = reader.i32();
  const wide = reader.i32();
  command.fill(0);
  for (let left = present; left !== 0; left &= left - 1) {
    const i = 31 - Math.clz32(left & -left);
    command[i] = ((wide >>> i) & 1) === 0 ? reader.i32() : reader.f64();
  }
}

/** Sum of the batch without the sum itself. */
function batchSum(bytes: Uint8Array, from: number, to: number): number {
  return (checksum(bytes, from, from + 12) ^ checksum(bytes, from + HEADER_BYTES, to)) >>> 0;
}
