import { describe, expect, it } from 'vitest';
import { publicKeys } from '../test/log-writer.js';
import { memorySource } from '../test/memory-source.js';
import { id, tellStory, writeStory } from '../test/story.js';
import { rebuildAndVerify } from './index.js';

describe('A log that lacks what was verified before', () => {
  const story = tellStory();
  const logs = writeStory(story);
  const market = [3, 5, 8].map((position) => ({
    position,
    chainHash: logs.market[position - 1]?.chainHash.toString('hex') ?? '',
  }));
  const rebuilt = (cut: typeof logs) =>
    rebuildAndVerify({ source: memorySource(cut), keys: publicKeys, knownHeads: { market } });
  const cutFindings = async (cut: typeof logs) =>
    (await rebuilt(cut)).findings
      .filter(({ kind }) => kind === 'cut')
      .map(({ service, position, detail }) => [service, position, detail.split(':')[0]]);

  it('is not one in which every head is found again', async () => {
    expect((await rebuilt(logs)).ok).toBe(true);
  });

  it('is found where it ends before a head', async () => {
    expect(await cutFindings({ ...logs, market: logs.market.slice(0, 6) })).toEqual([
      ['market', 8, 'the log was cut behind position 5'],
    ]);
    expect(await cutFindings({ ...logs, market: [] })).toEqual([
      ['market', 3, 'the log was cut behind position 0'],
    ]);
  });

  it('is found where it went on differently, though it is whole and signed', async () => {
    const others = story.market.map((command, index) =>
      index < story.market.length - 1 ? command : { ...command, commandId: id(900) },
    );
    const grown = writeStory({ ...story, market: others });
    expect(grown.market.length).toBe(8);
    expect(await cutFindings(grown)).toEqual([['market', 8, 'the log was cut behind position 5']]);
  });
});
