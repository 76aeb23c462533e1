/** A command with events whose append is under way. */
export interface Appending {
  readonly commandId: string;
  readonly streamVersion: number;
  /** Told once the command is known to be durable. */
  readonly tell: (streamVersion: number) => void;
  /** Told after `tell` unless somebody had to look into the log; `position` is that of the last event. */
  readonly heard?: ((position: number) => void) | undefined;
}

type Entry = Appending & { state: 'under way' | 'durable' | 'over'; position: number };

/**
 * Tells of durable commands in the order of their appends, each once. One whose append ended without an answer holds back
 * those behind it: only the log knows whether it is there, and what it says comes in by `recorded`.
 */
export class DurableOrder {
  private readonly entries: Entry[] = [];
  private untold: ReadonlyMap<string, Entry> | null = null;

  /** Takes its place in the order; the function that it returns says where the events stand, or null for an append that failed. */
  add(appending: Appending): (position: number | null) => void {
    const entry: Entry = { ...appending, state: 'under way', position: 0 };
    this.entries.push(entry);
    return (position) => {
      entry.state = position === null ? 'over' : 'durable';
      entry.position = position ?? 0;
      this.flush();
    };
  }

  /** A command that the log holds; to be called in its order once no append is under way any more. */
  recorded(commandId: string, streamVersion: number): void {
    this.untold ??= new Map(
      // Of two appends of one command the first counts.
      this.entries.toReversed().map((entry) => [entry.commandId, entry] as const),
    );
    const entry = this.untold.get(commandId);
    if (entry && entry.state !== 'over') {
      entry.state = 'over';
      entry.tell(streamVersion);
    }
  }

  private flush(): void {
    for (
      let first = this.entries[0];
      first && first.state !== 'under way';
      first = this.entries[0]
    ) {
      this.entries.shift();
      if (first.state === 'durable') {
        first.tell(first.streamVersion);
        first.heard?.(first.position);
      }
    }
  }
}
