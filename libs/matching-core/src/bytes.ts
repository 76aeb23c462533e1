/** Little-endian reading and writing, shared by the snapshot and the journal. */
export class ByteWriter {
  private bytes: Uint8Array;
  private view: DataView;
  length = 0;

  constructor(capacity = 1 << 16) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  u32(value: number): void {
    this.makeRoom(4);
    this.view.setUint32(this.length, value, true);
    this.length += 4;
  }

  i32(value: number): void {
    this.makeRoom(4);
    this.view.setInt32(this.length, value, true);
    this.length += 4;
  }

  f64(value: number): void {
    this.makeRoom(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  setU32(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  clear(): void {
    this.length = 0;
  }

  /** The bytes written so far; valid until the next write. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private makeRoom(width: number): void {
    if (this.length + width <= this.bytes.length) return;
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

export class ByteReader {
  private readonly view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.view.byteLength - this.at;
  }

  u32(): number {
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }

  i32(): number {
    this.at += 4;
    return this.view.getInt32(this.at - 4, true);
  }

  f64(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }
}

/** FNV-1a over 32-bit words, then over the rest byte by byte: finds torn and damaged blocks, not forgeries. */
export function checksum(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0x811c9dc5;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    sum = Math.imul(((sum << 5) | (sum >>> 27)) ^ word, 0x01000193);
  }
  for (; at < to; at++)
    sum = Math.imul(((sum << 5) | (sum >>> 27)) ^ (bytes[at] as number), 0x01000193);
  return sum >>> 0;
}
