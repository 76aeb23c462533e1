import { describe, expect, it } from 'vitest';
import { publicKeys, type StoryCommand, type StoryEvent } from '../../test/log-writer.js';
import { memorySource } from '../../test/memory-source.js';
import { id, tellStory, writeStory, type Story } from '../../test/story.js';
import { rebuildAndVerify, type AuditReport } from '../index.js';

function audit(story: Story): Promise<AuditReport> {
  return rebuildAndVerify({ source: memorySource(writeStory(story)), keys: publicKeys });
}

/** Where the first command with an event of this type stands. */
function placeOf(story: Story, type: string): number {
  return story.deals.findIndex(({ events }) => events.some((event) => event.type === type));
}

/** The first event of this type, in a command of its own. */
function alone(story: Story, type: string, change: Partial<StoryEvent>): StoryCommand {
  const command = story.deals[placeOf(story, type)];
  const event = command?.events.find((each) => each.type === type);
  if (command === undefined || event === undefined) throw new Error(`the story has no ${type}`);
  const data = { ...event.data, ...change.data };
  return { ...command, commandId: id(800_000_000_000), events: [{ ...event, ...change, data }] };
}

describe('The cap table of the audit', () => {
  const cases: Record<string, (story: Story) => void> = {
    'less is reserved than promised': (story) => {
      story.deals = story.deals.map((command) => ({
        ...command,
        events: command.events.map((event) =>
          event.type === 'deals.shares-reserved'
            ? { ...event, data: { ...event.data, shares: '99' } }
            : event,
        ),
      }));
    },
    'what is reserved is authorised away': (story) => {
      const lowered = alone(story, 'deals.share-class-authorised', { data: { authorised: '999' } });
      story.deals.splice(placeOf(story, 'deals.board-approved'), 0, lowered);
    },
    'what is reserved is issued to somebody else': (story) => {
      const data = { issuanceId: id(88), shares: '1001' };
      const issued = alone(story, 'deals.shares-issued', { data });
      story.deals.splice(placeOf(story, 'deals.board-approved'), 0, issued);
    },
    'what is reserved is released though the deal goes on': (story) => {
      const released = alone(story, 'deals.shares-reserved', { type: 'deals.shares-released' });
      story.deals.splice(placeOf(story, 'deals.deal-activated'), 0, released);
    },
    'a cancelled deal keeps its shares': (story) => {
      const data = { side: 'company', partyId: id(2) };
      const cancelled = alone(story, 'deals.deal-activated', {
        type: 'deals.deal-cancelled',
        data,
      });
      story.deals.splice(placeOf(story, 'deals.board-approved'), Infinity, cancelled);
    },
  };
  it.each(Object.entries(cases))('finds that %s (S5)', async (_name, tamper) => {
    const story = tellStory();
    tamper(story);
    const { S5 } = (await audit(story)).invariants;
    expect(S5.counterexample).toMatch(/ 100 reserved, \d+ authorised| promised, \d+ reserved/);
  });

  it('takes a deal as it is that was signed before shares were reserved', async () => {
    const story = tellStory();
    story.deals = story.deals.map((command) => ({
      ...command,
      events: command.events.filter(({ type }) => type !== 'deals.shares-reserved'),
    }));
    expect((await audit(story)).invariants.S5).toEqual({ holds: true, counterexample: null });
  });
});
