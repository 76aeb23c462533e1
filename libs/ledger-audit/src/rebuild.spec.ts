import { describe, expect, it } from 'vitest';
import { publicKeys, writeLog, type StoryCommand, type StoryEvent } from '../test/log-writer.js';
import { memorySource } from '../test/memory-source.js';
import { escrowParty, id, series, tellStory, writeStory, type Story } from '../test/story.js';
import {
  rebuildAndVerify,
  type Attestation,
  type AuditReport,
  type InvariantName,
  type LogRecord,
} from './index.js';

const storyAtMs = Date.parse('2026-03-02T10:00:00.000Z');
const clockSkewMs = 5_000;
type Logs = ReturnType<typeof writeStory>;

describe('Rebuild', () => {
  it('proves a whole story: no finding, every invariant', async () => {
    const report = await audit(writeStory());
    expect(report.findings).toEqual([]);
    expect(Object.values(report.invariants).map((result) => result.counterexample)).toEqual(
      Array(10).fill(null),
    );
    expect(report.ok).toBe(true);
    expect(report.eventCount).toBe(57);
    expect(report.tokens).toEqual({
      minted: '1000.000000',
      held: '958.000000',
      escrow: '40.000000',
      burned: '2.000000',
    });
    expect(report.gpuSeconds.total).toBe('7200');
  });

  it('takes one id for a movement of each kind and an order of each party', async () => {
    const one = id(30);
    const chosen = [id(16), id(31), id(32), id(33), id(34)];
    const text = chosen.reduce(
      (told, other) => told.replaceAll(other, one),
      JSON.stringify(tellStory()),
    );
    const report = await audit(writeStory(JSON.parse(text) as Story));
    expect(report.findings).toEqual([]);
    expect(report.ok).toBe(true);
  });

  it('gives the same digests however the events were batched', async () => {
    const [alone, batched] = [await audit(writeStory()), await audit(writeStory(tellStory(), 4))];
    expect(batched.ok).toBe(true);
    expect(batched.services.map(({ digest }) => digest)).toEqual(
      alone.services.map(({ digest }) => digest),
    );
  });

  it('compares each service at the position it attested, not at the end of its log', async () => {
    const logs = writeStory();
    const whole = await audit(logs);
    const early = await audit({ ...logs, market: logs.market.slice(0, 3) });
    const attested = whole.services.flatMap((service): Attestation[] => {
      const part = (service.service === 'market' ? early : whole).services.find(
        (each) => each.service === service.service,
      );
      return part === undefined ? [] : [{ ...part, throughPosition: part.position }];
    });
    const report = await audit(logs, attested);
    expect(report.digestsEqual).toBe(true);
    expect(report.services.find(({ service }) => service === 'market')).toMatchObject({
      throughPosition: 3,
      position: 8,
    });
    expect(report.ok).toBe(true);
  });

  it('names the collection in which a service differs from its log (S8)', async () => {
    const logs = writeStory();
    const [compliance] = (await audit(logs)).services;
    const wrong = { name: 'parties', rowCount: 3, digest: 'f'.repeat(64) };
    const report = await audit(logs, [
      {
        service: 'compliance',
        throughPosition: compliance?.position ?? 0,
        digest: 'f'.repeat(64),
        collections: [wrong],
      },
    ]);
    expect(report.ok).toBe(false);
    expect(report.invariants.S8.counterexample).toBe(
      'compliance position 9: collection parties is not the fold of the log',
    );
  });

  describe('finds tampering and names service, position and event', () => {
    const logs = writeStory();
    const target = at(logs.issuance, 11);
    const next = at(logs.issuance, 12);

    it('one changed byte of the data', async () => {
      const bytes = Buffer.from(target.data);
      bytes[bytes.indexOf('100.000000')] = 0x32;
      await expectFindings(replace(logs, 11, { ...target, data: bytes }), [
        [11, target.eventId, 'altered'],
      ]);
    });
    it('one changed byte of any other field', async () => {
      const changes: Partial<LogRecord>[] = [
        { metadata: Buffer.concat([target.metadata, Buffer.from(' ')]) },
        { occurredAtMicros: target.occurredAtMicros + 1 },
        { chainHash: Buffer.from(target.chainHash).fill(7, 3, 4) },
        { streamId: `account-${id(99)}` },
      ];
      for (const change of changes) {
        await expectFindings(replace(logs, 11, { ...target, ...change }), [
          [11, target.eventId, 'altered'],
        ]);
      }
    });
    it('a changed signature', async () => {
      const signed = at(logs.issuance, 8);
      const headSignature = Buffer.from(signed.headSignature ?? Buffer.alloc(64)).fill(0, 5, 6);
      await expectFindings(replace(logs, 8, { ...signed, headSignature }), [
        [8, signed.eventId, 'bad_signature'],
      ]);
    });
    it('a deleted event, named by its neighbours of the same command', async () => {
      const issuance = logs.issuance.filter((record) => record !== target);
      await expectFindings({ ...logs, issuance }, [[11, target.eventId, 'missing']]);
    });
    it('a deleted last event', async () => {
      const issuance = logs.issuance.slice(0, -1);
      const report = await rebuildAndVerify({
        source: memorySource({ ...logs, issuance }),
        keys: publicKeys,
        knownPositions: { issuance: logs.issuance.length },
      });
      expect(report.findings.map(({ position, kind }) => [position, kind])).toEqual([
        [logs.issuance.length, 'missing'],
      ]);
    });
    it('two swapped events', async () => {
      const swapped = replace(replace(logs, 11, { ...next, position: 11 }), 12, {
        ...target,
        position: 12,
      });
      await expectFindings(swapped, [
        [11, next.eventId, 'reordered'],
        [12, target.eventId, 'reordered'],
      ]);
    });
    it('two swapped events with everything around them made to fit', async () => {
      const swaps: readonly [Partial<LogRecord>, Partial<LogRecord>][] = [
        [
          { position: 3, streamVersion: 3 },
          { position: 2, streamVersion: 2 },
        ],
        [
          { position: 3, streamVersion: 3, chainHash: at(logs.issuance, 3).chainHash },
          { position: 2, streamVersion: 2, chainHash: at(logs.issuance, 2).chainHash },
        ],
      ];
      for (const [second, third] of swaps) {
        const [two, three] = [at(logs.issuance, 2), at(logs.issuance, 3)];
        const swapped = replace(replace(logs, 3, { ...two, ...second }), 2, { ...three, ...third });
        const report = await audit(swapped);
        expect(
          report.findings.map(({ position, eventId, kind }) => [position, eventId, kind]),
        ).toEqual([
          [2, three.eventId, 'reordered'],
          [3, two.eventId, 'reordered'],
        ]);
      }
    });
    it('an appended event without a signature, though its chain is right', async () => {
      const story = tellStory();
      const longer = writeLog('issuance', [...story.issuance, ...forgedTransfer()]);
      const forged = longer
        .slice(logs.issuance.length)
        .map((record) => ({ ...record, headSignature: null }));
      const issuance = [...logs.issuance, ...forged];
      await expectFindings(
        { ...logs, issuance },
        forged.map(({ position, eventId }) => [position, eventId, 'forged']),
      );
    });
    it('an appended event under a foreign signature', async () => {
      const story = tellStory();
      const longer = writeLog('issuance', [...story.issuance, ...forgedTransfer()]);
      const headSignature = Buffer.alloc(64, 3);
      const [first, second] = longer.slice(logs.issuance.length);
      const issuance = [
        ...logs.issuance,
        ...(first && second ? [first, { ...second, headSignature }] : []),
      ];
      const report = await audit({ ...logs, issuance });
      expect(report.findings.at(-1)).toMatchObject({
        position: second?.position,
        eventId: second?.eventId,
        kind: 'forged',
      });
    });
    it('an event that is no event', async () => {
      const bytes = Buffer.from(target.data);
      bytes[0] = 0x58;
      const report = await audit(replace(logs, 11, { ...target, data: bytes }));
      expect(report.findings.map(({ position, kind }) => [position, kind])).toEqual([
        [11, 'undecodable'],
        [11, 'altered'],
      ]);
    });
  });

  describe('finds a log that is whole and wrong', () => {
    const cases: Record<Exclude<InvariantName, 'S8'>, (story: Story) => void> = {
      S1: (story) =>
        change(story.issuance, 'issuance.tokens-received', { quantity: '101.000000' }, 1),
      S2: (story) =>
        change(story.issuance, 'issuance.capacity-committed', { tokensPerDay: '90.000000' }),
      S3: (story) => change(story.market, 'market.tokens-deposited', { quantity: '51.000000' }),
      S4: (story) => change(story.market, 'market.trade-executed', { notional: 20_000_001 }),
      S5: (story) => change(story.deals, 'deals.share-class-authorised', { authorised: '999' }),
      S6: (story) => change(story.metering, 'metering.usage-charged', { seconds: 3601 }),
      S7: (story) =>
        change(story.compliance, 'compliance.eligibility-published', { actions: ['redeem'] }, 2),
      S9: (story) => {
        const first = story.market[2];
        if (first !== undefined) {
          story.market.push({ ...first, commandId: id(800_000_000_000) });
        }
      },
      S10: (story) =>
        change(story.compliance, 'compliance.party-registered', { fullName: 'Ada Example' }),
    };
    it.each(Object.entries(cases))('violates %s', async (name, tamper) => {
      const story = tellStory();
      tamper(story);
      const report = await audit(writeStory(story));
      expect(report.findings).toEqual([]);
      expect(report.ok).toBe(false);
      expect(report.invariants[name as InvariantName].counterexample).toMatch(
        /position \d+|series |class |deposited/,
      );
    });
  });

  it('counts a transfer that has left and not arrived as in flight, for a bounded time (S3)', async () => {
    const story = tellStory();
    const market = story.market.filter(({ events }) =>
      events.some(({ type }) => type === 'market.book-opened'),
    );
    const issuance = story.issuance.filter(
      ({ events }) => !events.some(({ type }) => type === 'issuance.withdrawal-settled'),
    );
    const logs = writeStory({ ...story, market, issuance });
    const readAfterMs = (ms: number) =>
      rebuildAndVerify({
        source: memorySource(logs, new Map(), storyAtMs + clockSkewMs + ms),
        keys: publicKeys,
        inFlightMsMax: 60_000,
      });
    const [early, late] = [await readAfterMs(60_000), await readAfterMs(60_001)];
    expect(early.invariants.S3).toEqual({ holds: true, counterexample: null });
    expect(early.ok).toBe(true);
    expect(late.discrepancies).toMatchObject([
      { handOver: 'escrow deposit', kind: 'overdue', quantity: '50.000000' },
    ]);
    expect(late.ok).toBe(false);
  });

  it('does not hold a missing cause against the last moments of a log that is being written', async () => {
    const logs = writeStory();
    const issuance = logs.issuance.slice(0, 9);
    const source = memorySource({ ...logs, issuance });
    const readAt = (completeBeforeMs: number) => ({
      ...source,
      read: async (...args: Parameters<typeof source.read>) => ({
        ...(await source.read(...args)),
        completeBeforeMs,
      }),
    });
    const early = await rebuildAndVerify({ source: readAt(storyAtMs), keys: publicKeys });
    const late = await rebuildAndVerify({
      source: readAt(storyAtMs + 60_000),
      keys: publicKeys,
    });
    expect(early.invariants.S5.holds).toBe(true);
    expect(early.invariants.S3.holds).toBe(true);
    expect(late.invariants.S5.holds).toBe(false);
    expect(late.invariants.S3.holds).toBe(false);
  });
});

function audit(logs: Logs, attestations: readonly Attestation[] = []): Promise<AuditReport> {
  return rebuildAndVerify({ source: memorySource(logs), keys: publicKeys, attestations });
}

async function expectFindings(
  logs: Logs,
  expected: readonly (readonly [position: number, eventId: string | null, kind: string])[],
): Promise<void> {
  const { findings, ok } = await audit(logs);
  expect(ok).toBe(false);
  expect(
    findings.map(({ service, position, eventId, kind }) => [service, position, eventId, kind]),
  ).toEqual(expected.map((each) => ['issuance', ...each]));
}

function at(records: readonly LogRecord[], position: number): LogRecord {
  const record = records[position - 1];
  if (record === undefined) {
    throw new Error(`no position ${position}`);
  }
  return record;
}

function replace(logs: Logs, position: number, record: LogRecord): Logs {
  return {
    ...logs,
    issuance: logs.issuance.map((each) => (each.position === position ? record : each)),
  };
}

function forgedTransfer(): StoryCommand[] {
  const facts = {
    seriesId: series,
    movementId: id(60),
    movement: 'transfer',
    quantity: '1.000000',
  };
  const side = (accountId: string, partyId: string, counterPartyId: string) => ({
    ...facts,
    accountId,
    partyId,
    counterPartyId,
  });
  return [
    {
      commandId: id(700_000_000_000),
      at: '2026-03-02T10:00:00.000Z',
      events: [
        {
          streamId: `account-${id(12)}`,
          type: 'issuance.tokens-sent',
          data: { ...side(id(12), id(2), escrowParty), draws: [] },
        },
        {
          streamId: `account-${id(14)}`,
          type: 'issuance.tokens-received',
          data: {
            ...side(id(14), id(3), id(2)),
            lots: [{ lotId: id(50), quantity: '1.000000', lockupEndsAt: null }],
          },
        },
      ],
    },
  ];
}

/** Changes the data of the `index`-th event of a type (from 0). */
function change(commands: StoryCommand[], type: string, data: StoryEvent['data'], index = 0): void {
  let seen = -1;
  for (const [place, command] of commands.entries()) {
    const events = command.events.map((event) => {
      seen += event.type === type ? 1 : 0;
      return event.type === type && seen === index
        ? { ...event, data: { ...event.data, ...data } }
        : event;
    });
    commands[place] = { ...command, events };
  }
}
