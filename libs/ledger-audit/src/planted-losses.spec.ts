import { describe, expect, it } from 'vitest';
import { publicKeys } from '../test/log-writer.js';
import { memorySource } from '../test/memory-source.js';
import { tellLongStory } from '../test/long-story.js';
import { promiseLosses } from '../test/promise-losses.js';
import { writeStory, type Story } from '../test/story.js';
import { tokenLosses } from '../test/token-losses.js';
import { discrepancyText } from './hand-overs.js';
import { rebuildAndVerify, type AuditReport } from './index.js';

describe('A planted loss', () => {
  it('is none before it is planted', async () => {
    const report = await audit(tellLongStory());
    expect(report.discrepancies).toEqual([]);
    expect(Object.values(report.invariants).map((each) => each.counterexample)).toEqual(
      Array(10).fill(null),
    );
    expect(report.ok).toBe(true);
  });

  it.each(Object.entries({ ...tokenLosses, ...promiseLosses }))(
    '%s is named',
    async (_name, { invariant, names, plant }) => {
      const story = tellLongStory();
      plant(story);
      const report = await audit(story);
      expect(report.findings).toEqual([]);
      expect(report.ok).toBe(false);
      const texts = [
        report.invariants[invariant].counterexample ?? 'none',
        ...report.discrepancies.map(discrepancyText),
      ];
      const isNamed = texts.some((text) => names.every((name) => text.includes(name)));
      expect(isNamed, texts.join('\n')).toBe(true);
    },
  );
});

describe('A log that was cut', () => {
  const logs = writeStory(tellLongStory());

  it.each(['issuance', 'market', 'deals', 'metering', 'compliance'] as const)(
    'is named with the first position that is gone: %s',
    async (service) => {
      const whole = logs[service];
      const cut = whole.slice(0, -2);
      const report = await rebuildAndVerify({
        source: memorySource({ ...logs, [service]: cut }),
        keys: publicKeys,
        knownPositions: { [service]: whole.length },
      });
      expect(report.ok).toBe(false);
      expect(report.findings).toMatchObject([
        { service, position: cut.length + 1, kind: 'missing' },
        { service, position: cut.length + 2, kind: 'missing' },
      ]);
    },
  );
});

function audit(story: Story): Promise<AuditReport> {
  return rebuildAndVerify({ source: memorySource(writeStory(story)), keys: publicKeys });
}
