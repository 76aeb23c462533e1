import { describe, expect, it } from 'vitest';
import { publicKeys, type StoryCommand, type StoryEvent } from '../test/log-writer.js';
import { memorySource } from '../test/memory-source.js';
import { id, provider, tellStory, writeStory } from '../test/story.js';
import { rebuildAndVerify, type AuditReport } from './index.js';

const at = '2026-03-02T10:00:00.000Z';
/** What a reservation and a record say since usage has an interval and a provider. */
const terms = {
  requestedAt: at,
  usageFromAt: '2026-03-01T00:00:00.000Z',
  expiresAt: '2026-03-02T12:00:00.000Z',
  graceSeconds: 3_600,
};
const usage = { startedAt: '2026-03-02T08:00:00.000Z', providerId: provider };

async function auditOf(
  changed: { readonly terms?: StoryEvent['data']; readonly usage?: StoryEvent['data'] } = {},
): Promise<AuditReport> {
  const story = tellStory();
  const dataOf: Readonly<Record<string, StoryEvent['data']>> = {
    'metering.redemption-requested': { ...terms, ...changed.terms },
    'metering.usage-charged': { ...usage, ...changed.usage },
  };
  const metering = story.metering.map((command): StoryCommand => ({
    ...command,
    events: command.events.map((event) => ({
      ...event,
      data: { ...event.data, ...dataOf[event.type] },
    })),
  }));
  const source = memorySource(writeStory({ ...story, metering }));
  return rebuildAndVerify({ source, keys: publicKeys });
}

describe('Usage in its interval, by the provider of its series (S6)', () => {
  it('is fine', async () => {
    const report = await auditOf();
    expect(report.findings).toEqual([]);
    expect(report.invariants.S6).toEqual({ holds: true, counterexample: null });
  });

  it.each([
    ['had not ended', { usage: { startedAt: '2026-03-02T09:00:30.001Z' } }],
    ['began before', { usage: { startedAt: '2026-02-28T23:59:59.999Z' } }],
    ['ended after', { terms: { expiresAt: '2026-03-02T08:59:59.999Z', graceSeconds: 7_200 } }],
    ['after the grace', { terms: { expiresAt: '2026-03-02T09:00:00.000Z', graceSeconds: 3_600 } }],
    ['its series is of', { usage: { providerId: id(3) } }],
  ])('is found where it does not count: %s', async (reason, changed) => {
    const { invariants } = await auditOf(changed);
    expect(invariants.S6.counterexample).toContain(reason);
  });
});
