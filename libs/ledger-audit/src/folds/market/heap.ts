/** A binary heap: its first item is before all others. */
export class Heap<T> {
  private readonly items: T[] = [];

  constructor(private readonly isBefore: (a: T, b: T) => boolean) {}

  get first(): T | undefined {
    return this.items[0];
  }

  add(item: T): void {
    let index = this.items.length;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.items[parentIndex];
      if (parent === undefined || !this.isBefore(item, parent)) {
        break;
      }
      this.items[index] = parent;
      index = parentIndex;
    }
    this.items[index] = item;
  }

  removeFirst(): void {
    const item = this.items.pop();
    if (item === undefined || this.items.length === 0) {
      return;
    }
    let index = 0;
    for (;;) {
      const [left, right] = [this.items[2 * index + 1], this.items[2 * index + 2]];
      const isRight = left !== undefined && right !== undefined && this.isBefore(right, left);
      const child = isRight ? right : left;
      if (child === undefined || !this.isBefore(child, item)) {
        break;
      }
      this.items[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    this.items[index] = item;
  }
}
