import { describe, expect, it } from 'vitest';
import { publicKeys } from '../test/log-writer.js';
import { memorySource } from '../test/memory-source.js';
import { id, tellStory, writeStory } from '../test/story.js';
import { rebuildAndVerify, type AuditReport } from './index.js';

describe('Discarded input', () => {
  it('is shown with the two operators who discarded it; one alone could not', async () => {
    const data = {
      discardId: id(90),
      source: 'market',
      streamId: 'shard-main',
      position: 7,
      partition: 2,
      kafkaOffset: null,
      eventId: id(91),
      eventType: 'market.withdrawal-requested',
      contentHash: 'ab'.repeat(32),
      reason: 'malformed',
      proposedBy: id(92),
      approvedBy: id(93),
    };
    const withDiscard = (change: object): Promise<AuditReport> => {
      const story = tellStory();
      const event = {
        streamId: `discard-${id(90)}`,
        type: 'issuance.input-discarded',
        data: { ...data, ...change },
      };
      const discard = { commandId: id(94), at: '2026-03-09T12:00:00.000Z', events: [event] };
      const logs = writeStory({ ...story, issuance: [...story.issuance, discard] });
      return rebuildAndVerify({ source: memorySource(logs), keys: publicKeys });
    };
    const report = await withDiscard({});
    expect(report.ok).toBe(true);
    expect(report.discards).toMatchObject([
      {
        service: 'issuance',
        source: 'market',
        sourcePosition: 7,
        reason: 'malformed',
        proposedBy: id(92),
        approvedBy: id(93),
      },
    ]);
    const alone = await withDiscard({ approvedBy: id(92) });
    expect(alone.invariants.S9.counterexample).toContain('one person alone');
  });
});
