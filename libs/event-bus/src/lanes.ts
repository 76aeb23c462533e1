/** Events of one stream that are handled before those of the next section, each lane in its own order. */
export type Section<Entry> = ReadonlyMap<string, readonly Entry[]>;

/**
 * Splits a stream where an event has no lane (the empty one): such an event must wait for all before it and hold up all
 * behind it, for nobody can say whose it is.
 */
export function sectionsOf<Entry>(
  stream: readonly Entry[],
  laneOf: (entry: Entry) => string,
): readonly Section<Entry>[] {
  const sections: Map<string, Entry[]>[] = [];
  let open: Map<string, Entry[]> | null = null;
  for (const entry of stream) {
    const lane = laneOf(entry);
    if (open === null || (lane === '') !== open.has('')) {
      open = new Map<string, Entry[]>();
      sections.push(open);
    }
    const entries = open.get(lane);
    if (entries) {
      entries.push(entry);
    } else {
      open.set(lane, [entry]);
    }
  }
  return sections;
}
