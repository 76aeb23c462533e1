const streamCountMax = 200_000;

/** Stream versions by recency. Only a cache: losing an entry costs one look-up, never correctness. */
export class VersionCache {
  private readonly versions = new Map<string, number>();

  get(streamId: string): number | undefined {
    return this.versions.get(streamId);
  }

  set(streamId: string, version: number): void {
    this.versions.delete(streamId);
    this.versions.set(streamId, version);
    if (this.versions.size > streamCountMax) {
      const oldest = this.versions.keys().next();
      if (!oldest.done) {
        this.versions.delete(oldest.value);
      }
    }
  }

  setIfAbsent(streamId: string, version: number): void {
    if (!this.versions.has(streamId)) {
      this.set(streamId, version);
    }
  }

  setAll(versions: ReadonlyMap<string, number>): void {
    for (const [streamId, version] of versions) {
      this.set(streamId, version);
    }
  }

  clear(): void {
    this.versions.clear();
  }
}
