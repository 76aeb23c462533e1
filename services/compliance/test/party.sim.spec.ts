import { createHash } from 'node:crypto';
import { eventCodec, streamIds } from '@specie/contracts';
import {
  CommandHandler,
  InMemoryEventStore,
  type CommandContext,
  type Decision,
} from '@specie/event-sourcing';
import { pick, randomFrom, seedOr, type RandomBelow } from '@specie/testing';
import { expect, it } from 'vitest';
import { isEligible } from '../src/party/eligibility.js';
import {
  approveParty,
  freezeParty,
  registerParty,
  submitEvidence,
  unfreezeParty,
} from '../src/party/party.decider.js';
import {
  currentEvidence,
  evidenceManifest,
  partyAggregate,
  type KnownParty,
  type Party,
  type PartyEvent,
} from '../src/party/party.state.js';
import { recordScreening, resolveAlert } from '../src/screening/screening.decider.js';

const seed = seedOr(20_260_301);
const stepCount = 3_000;
const partyIds = [1, 2, 3].map((number) => id(number));
const people = [11, 12, 13, 14].map((number) => id(number));
const lists = ['a'.repeat(64), 'b'.repeat(64)];
/** A screening and an approval come more often. */
const kinds = [
  'register',
  'evidence',
  'screen',
  'screen',
  'resolve',
  'approve',
  'approve',
  'freeze',
  'unfreeze',
];
const startMs = Date.parse('2026-03-01T00:00:00.000Z');

it(`holds I1 to I5 under random commands, repeats and lost answers (SEED=${seed})`, async () => {
  const random = randomFrom(seed);
  const store = new InMemoryEventStore();
  let handler = new CommandHandler(store, eventCodec);
  let listVersion = lists[0] ?? '';
  for (let step = 1; step <= stepCount; step += 1) {
    // Now and then the process dies: everything in memory is gone.
    handler = random(50) === 0 ? new CommandHandler(store, eventCodec) : handler;
    listVersion = random(100) === 0 ? pick(lists, random) : listVersion;
    const partyId = pick(partyIds, random);
    const now = new Date(startMs + step * 3_600_000).toISOString();
    const actor = pick(people, random);
    const context = contextOf(step, now, actor);
    const before = await stateOf(handler, partyId);
    const kind = pick(kinds, random);
    const command = commandOf(kind, {
      partyId,
      step,
      now,
      actor,
      listVersion,
      random,
      state: before,
    });
    const run = (): Promise<unknown> =>
      handler.handle({
        streamId: streamIds.party(partyId),
        aggregate: partyAggregate,
        decide: command,
        context,
      });
    await run();
    const after = await stateOf(handler, partyId);
    if (random(10) < 2) {
      await run();
      expect(await stateOf(handler, partyId)).toEqual(after);
    }
    check({ before, after, now, actor, listVersion });
  }
  const types = new Set((await store.readAll(0, 100_000)).map(({ type }) => type));
  expect(types.size).toBe(8);
});

interface Step {
  readonly partyId: string;
  readonly step: number;
  readonly now: string;
  readonly actor: string;
  readonly listVersion: string;
  readonly random: RandomBelow;
  readonly state: Party;
}

function commandOf(kind: string, at: Step): (state: Party) => Decision<PartyEvent, string> {
  const { partyId, step, now, actor, listVersion, random } = at;
  const metadata = { now, actor };
  const documentHash = sha256(`document ${step}`);
  const score = random(10) < 3 ? 900_000 : 100_000;
  const evidenceKind = random(10) < 5 ? 'identity' : 'accreditation';
  const expiresAt = new Date(Date.parse(now) + random(200) * 3_600_000).toISOString();
  const resolution = random(10) < 8 ? 'false_positive' : 'true_match';
  const isBlind = random(10) < 1;
  switch (kind) {
    case 'register':
      return (state) =>
        registerParty(
          {
            data: {
              partyId,
              kind: 'person',
              country: 'US',
              nameHash: sha256(partyId),
              particularsHash: sha256(`${partyId} particulars`),
              particularsHashOnFile: null,
            },
            metadata,
          },
          state,
        );
    case 'evidence':
      return (state) =>
        submitEvidence(
          {
            data: {
              partyId,
              evidenceId: id(1_000 + step),
              kind: evidenceKind,
              documentHash,
              expiresAt,
            },
            metadata,
          },
          state,
        );
    case 'screen':
      return (state) =>
        recordScreening(
          {
            data: {
              partyId,
              screeningId: id(9_000 + step),
              listVersion,
              thresholdPpm: 800_000,
              bestScorePpm: score,
              candidateCount: 0,
              isComparable: step % 7 > 0,
            },
            metadata,
          },
          state,
        );
    case 'resolve': {
      const screeningId =
        at.state.status === 'unknown' ? id(1) : (at.state.screening?.screeningId ?? id(1));
      return (state) =>
        resolveAlert({ data: { partyId, screeningId, resolution }, metadata }, state);
    }
    case 'approve':
      return (state) => {
        const onFile = manifestHash(state);
        const evidenceHash = isBlind ? sha256('something else') : onFile;
        return approveParty(
          { data: { partyId, evidenceHash, evidenceHashOnFile: onFile, listVersion }, metadata },
          state,
        );
      };
    case 'freeze':
      return (state) => freezeParty({ data: { partyId, reason: 'court_order' }, metadata }, state);
    default:
      return (state) => unfreezeParty({ data: { partyId, listVersion }, metadata }, state);
  }
}

function check(at: {
  readonly before: Party;
  readonly after: Party;
  readonly now: string;
  readonly actor: string;
  readonly listVersion: string;
}): void {
  const { before, after, now, actor, listVersion } = at;
  if (after.status === 'unknown') {
    return;
  }
  if (after.status === 'approved') {
    // I3 and I5: whoever is approved has no open alert and no true match.
    expect(['clear', 'false_positive']).toContain(after.screening?.verdict);
    const ends = after.eligibility?.validUntil ?? '';
    expect(isEligible(after, 'redeem', ends)).toBe(false);
    expect(isEligible(after, 'redeem', new Date(Date.parse(ends) - 1).toISOString())).toBe(true);
  } else {
    expect(isEligible(after, 'redeem', now)).toBe(false);
  }
  if (isClearance(before, after)) {
    // I1: nobody clears themselves, whom they registered, or what they filed.
    const { partyId, registeredBy } = after.registration;
    const filers = currentEvidence(after.evidence).map(({ submittedBy }) => submittedBy);
    expect([partyId, registeredBy, ...filers]).not.toContain(actor);
  }
  const wasApproved = before.status === 'registered' && after.status === 'approved';
  if (wasApproved) {
    expect(actor).not.toBe(after.registration.registeredBy);
    expect(after.screening?.listVersion).toBe(listVersion);
    // I4: what was approved rested on evidence that still held.
    expect(Date.parse(after.eligibility?.validUntil ?? '')).toBeGreaterThan(Date.parse(now));
  }
}

function isClearance(before: Party, after: KnownParty): boolean {
  if (before.status === 'unknown') {
    return false;
  }
  const wasDismissed =
    before.screening?.verdict === 'alert' && after.screening?.verdict === 'false_positive';
  const wasApproved = before.status === 'registered' && after.status === 'approved';
  return wasDismissed || wasApproved || (before.status === 'frozen' && after.status !== 'frozen');
}

async function stateOf(handler: CommandHandler, partyId: string): Promise<Party> {
  return (await handler.load(streamIds.party(partyId), partyAggregate)).state;
}

function manifestHash(state: Party): string {
  return sha256(state.status === 'unknown' ? '' : evidenceManifest(state.evidence));
}

function contextOf(step: number, now: string, actor: string): CommandContext {
  const commandId = id(1_000_000 + step * 16);
  return { commandId, now, actor, correlationId: commandId, causationId: commandId };
}

function id(number: number): string {
  return `0192d1a0-7b5e-7c3d-8e4f-${number.toString(16).padStart(12, '0')}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
