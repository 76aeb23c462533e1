/** Gives texts the numbers 1, 2, 3 in the order in which they come. */
export class Numbered {
  private readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(texts: Iterable<string> = []) {
    for (const text of texts) {
      this.add(text);
    }
  }

  get size(): number {
    return this.texts.length;
  }

  /** The number of the text; 0 for one that has none. */
  numberOf(text: string): number {
    return this.numbers.get(text) ?? 0;
  }

  add(text: string): number {
    this.texts.push(text);
    this.numbers.set(text, this.texts.length);
    return this.texts.length;
  }

  /** @throws RangeError for a number that was not given. */
  textOf(number: number): string {
    const text = this.texts[number - 1];
    if (text === undefined) {
      throw new RangeError(`nothing has the number ${number}`);
    }
    return text;
  }

  all(): readonly string[] {
    return this.texts;
  }
}
