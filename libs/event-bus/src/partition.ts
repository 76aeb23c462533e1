/** Java's and kafkajs's murmur2 over the UTF-8 bytes of a key. */
export function murmur2(key: string): number {
  const bytes = Buffer.from(key, 'utf8');
  const length = bytes.length;
  const mixer = 0x5bd1e995;
  let hash = 0x9747b28c ^ length;
  const tail = length & ~3;
  for (let index = 0; index < tail; index += 4) {
    let block = bytes.readInt32LE(index);
    block = Math.imul(block, mixer);
    block ^= block >>> 24;
    block = Math.imul(block, mixer);
    hash = Math.imul(hash, mixer) ^ block;
  }
  const rest = length - tail;
  if (rest > 0) {
    for (let index = rest - 1; index >= 0; index -= 1) {
      hash ^= (bytes[tail + index] ?? 0) << (8 * index);
    }
    hash = Math.imul(hash, mixer);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, mixer);
  return hash ^ (hash >>> 15);
}

/** The partition a stream belongs to: the same on both transports, so order and parking match. */
export function partitionOf(streamId: string, partitionCount: number): number {
  return (murmur2(streamId) & 0x7fffffff) % partitionCount;
}
