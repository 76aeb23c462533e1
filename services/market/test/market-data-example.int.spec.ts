import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { at, openFeed, seriesId, type FeedServer } from './feed-server.js';

interface Levels {
  readonly bids: ReadonlyMap<number, unknown>;
  readonly asks: ReadonlyMap<number, unknown>;
  sequence: number | undefined;
}
interface Example {
  readonly followBook: (
    url: string,
    seriesId: string,
    onChange: (book: Levels) => void,
  ) => { readonly book: Levels; readonly close: () => void };
}

let feed: FeedServer;
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
  await feed.close();
});

/** The client of the guide, which does not wait before it connects again here. */
async function example(): Promise<Example> {
  const guide = await readFile(join(import.meta.dirname, '../../../docs/market-data.md'), 'utf8');
  const [, code = ''] = /```js\n([^]*?)```/.exec(guide) ?? [];
  expect(code).toContain('1_000');
  const folder = await mkdtemp(join(tmpdir(), 'specie-example-'));
  cleanUps.push(() => rm(folder, { recursive: true }));
  const path = join(folder, 'example.mjs');
  await writeFile(path, code.replace('1_000', '1'));
  return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Example;
}

it('the client of the guide keeps the book right across losses', async () => {
  feed = await openFeed();
  const { followBook } = await example();
  const waiting: { readonly isThere: () => boolean; readonly resolve: () => void }[] = [];
  const followed = followBook(feed.url, seriesId, () => {
    waiting.filter(({ isThere }) => isThere()).forEach(({ resolve }) => resolve());
  });
  cleanUps.push(() => followed.close());
  const isRight = (): boolean => {
    const levelsOf = (side: 'buy' | 'sell'): unknown =>
      Object.fromEntries(
        feed.book
          .levels(side)
          .map(({ priceTicks, lots, orders }) => [priceTicks, { lots, orders }]),
      );
    const { bids, asks } = followed.book;
    return (
      JSON.stringify([Object.fromEntries(bids), Object.fromEntries(asks)]) ===
      JSON.stringify([levelsOf('buy'), levelsOf('sell')])
    );
  };
  const right = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ isThere: isRight, resolve });
      feed.run(1);
    });
  await right();
  for (let loss = 0; loss < 20; loss += 1) {
    feed.run(5);
    feed.hub.closed();
    feed.run(5);
    feed.hub.opened([feed.book.shown()]);
    await right();
    // As if a message had been lost on the way.
    followed.book.sequence = (followed.book.sequence ?? 0) - 1;
    await right();
    followed.book.sequence = (followed.book.sequence ?? 0) - 1;
    feed.hub.heartbeat(at);
    await right();
  }
});
