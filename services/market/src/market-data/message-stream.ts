/** Makes the bytes of messages, and counts how often. */
export class Encoder {
  count = 0;

  encode(body: object): Buffer {
    this.count += 1;
    return Buffer.from(JSON.stringify(body));
  }
}

/** A message for many: encoded when it is first needed, once. */
export class Message {
  readonly sequence: number;
  private readonly body: object;
  private readonly encoder: Encoder;
  private encoded: Buffer | undefined;

  constructor(encoder: Encoder, body: object & { readonly sequence: number }) {
    this.encoder = encoder;
    this.body = body;
    this.sequence = body.sequence;
  }

  /** Shared by all who are sent it; not to be changed. */
  get bytes(): Buffer {
    this.encoded ??= this.encoder.encode(this.body);
    return this.encoded;
  }
}

/** Who is sent messages: a connection. */
export interface Subscriber {
  /** Takes a message; its bytes are shared and not to be changed. */
  take(bytes: Buffer): void;
  /** No more messages for now: what was taken can go out. */
  flush(): void;
  /** The books are not kept up to date here any more. */
  end(): void;
}

interface Kept {
  readonly message: Message;
  readonly changeCount: number;
}

/**
 * The messages of one channel of one book, numbered without gaps, and the last of them for those who come back. What is
 * kept is bounded by the changes in the messages, since the size of a message follows them.
 */
export class MessageStream {
  readonly subscribers = new Set<Subscriber>();
  private last: number;
  private readonly changeCountMax: number;
  private kept: Kept[] = [];
  private firstKept = 0;
  private changeCount = 0;

  constructor(start: number, changeCountMax: number) {
    this.last = start;
    this.changeCountMax = changeCountMax;
  }

  /** Of the last message; before the first one, where the numbers begin. */
  get sequence(): number {
    return this.last;
  }

  /** Gives the message its number and keeps it. */
  publish(changeCount: number, messageOf: (sequence: number) => Message): Message {
    this.last += 1;
    const message = messageOf(this.last);
    this.kept.push({ message, changeCount });
    this.changeCount += changeCount;
    this.forget();
    return message;
  }

  /** What came after the message `from`, in order; null where that is not known any more, or `from` is not of here. */
  since(from: number): readonly Message[] | null {
    const keptCount = this.kept.length - this.firstKept;
    const missedCount = this.last - from;
    if (missedCount < 0 || missedCount > keptCount) {
      return null;
    }
    return missedCount === 0 ? [] : this.kept.slice(-missedCount).map(({ message }) => message);
  }

  private forget(): void {
    for (
      let oldest = this.kept[this.firstKept];
      oldest !== undefined && this.changeCount > this.changeCountMax;
      oldest = this.kept[this.firstKept]
    ) {
      this.changeCount -= oldest.changeCount;
      this.firstKept += 1;
    }
    if (this.firstKept * 2 > this.kept.length) {
      this.kept = this.kept.slice(this.firstKept);
      this.firstKept = 0;
    }
  }
}
