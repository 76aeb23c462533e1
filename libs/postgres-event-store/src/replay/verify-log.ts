import type { KeyObject } from 'node:crypto';
import type { LogReader } from '../read/log-reader.js';
import {
  canonicalEventBytes,
  chainHash,
  genesisHash,
  type CanonicalEvent,
} from '../record/canonical.js';
import { verifyHeadSignature } from '../record/head-signature.js';
import { LogProblemError, type LogProblem } from './log-problem.js';
import { replayLog, type LogSource } from './replay.js';

export { LogProblemError, type LogProblem, type LogProblemKind } from './log-problem.js';

export interface LogVerification {
  readonly eventCount: number;
  readonly position: number;
  readonly chainHash: Buffer;
  readonly signedHeadCount: number;
  readonly problem: LogProblem | null;
}

type ProvenEvent = CanonicalEvent & { readonly chainHash: Buffer };

const pageSize = 5_000;
/** How far after a broken link its rightful event is looked for. */
const reorderDistanceMax = 100_000;

/** Checks the whole log against `publicKeys` (several after a key rotation); the first problem ends it. */
export async function verifyLog(
  source: LogSource,
  reader: LogReader,
  publicKeys: readonly KeyObject[],
): Promise<LogVerification> {
  const { logName } = source;
  const headBefore = await reader.head();
  let eventCount = 0;
  let signedHeadCount = 0;
  let signedPosition = 0;
  let hashAtHead: Buffer | null = headBefore.position === 0 ? genesisHash : null;
  let position = 0;
  let hash: Buffer = genesisHash;
  const verdict = (problem: LogProblem | null): LogVerification => ({
    eventCount,
    position,
    chainHash: hash,
    signedHeadCount,
    problem,
  });
  try {
    const result = await replayLog(source, {
      onEvent: (event) => {
        position = event.position;
        const signature = event.headSignature;
        if (position === headBefore.position) {
          hashAtHead = Buffer.from(event.chainHash);
        }
        if (signature) {
          const head = { logName, position, chainHash: event.chainHash };
          if (!publicKeys.some((key) => verifyHeadSignature(head, signature, key))) {
            throw new LogProblemError({
              logName,
              position,
              eventId: event.eventId,
              kind: 'bad_signature',
            });
          }
          signedHeadCount += 1;
          signedPosition = position;
        }
        eventCount += 1;
      },
    });
    position = result.position;
    hash = result.chainHash;
  } catch (error) {
    if (!(error instanceof LogProblemError)) {
      throw error;
    }
    return verdict(
      error.problem.kind === 'altered'
        ? await refine(source, reader, error.problem)
        : error.problem,
    );
  }
  return verdict(
    await checkEnd({ source, reader, headBefore, hashAtHead, position, signedPosition }),
  );
}

async function checkEnd(end: {
  readonly source: LogSource;
  readonly reader: LogReader;
  readonly headBefore: { readonly position: number; readonly chainHash: Buffer };
  readonly hashAtHead: Buffer | null;
  readonly position: number;
  readonly signedPosition: number;
}): Promise<LogProblem | null> {
  const { reader, headBefore, hashAtHead, position, signedPosition } = end;
  const { logName } = end.source;
  if (position < headBefore.position) {
    return { logName, position: position + 1, eventId: null, kind: 'missing' };
  }
  if (signedPosition < position) {
    return { logName, ...(await place(reader, signedPosition + 1)), kind: 'forged' };
  }
  if (hashAtHead && !hashAtHead.equals(headBefore.chainHash)) {
    return { logName, ...(await place(reader, headBefore.position)), kind: 'altered' };
  }
  const headAfter = await reader.head();
  if (position > headAfter.position) {
    return { logName, ...(await place(reader, headAfter.position + 1)), kind: 'forged' };
  }
  return null;
}

async function place(
  reader: LogReader,
  position: number,
): Promise<{ readonly position: number; readonly eventId: string | null }> {
  const [event] = await reader.readProofs(position - 1, 1);
  return { position, eventId: event?.eventId ?? null };
}

/** Tells a moved event from an altered one: some later row fits here when it is given this position. */
async function refine(
  source: LogSource,
  reader: LogReader,
  problem: LogProblem,
): Promise<LogProblem> {
  const { logName } = source;
  const { position } = problem;
  const before = position === 1 ? [] : await reader.readProofs(position - 2, 1);
  const previous = before[0]?.chainHash ?? genesisHash;
  const [here] = await reader.readProofs(position - 1, 1);
  if (!here) {
    return problem;
  }
  let after = position;
  while (after < position + reorderDistanceMax) {
    const page = await reader.readProofs(after, pageSize);
    for (const candidate of page) {
      if (belongsAt(logName, previous, position, candidate, here)) {
        return { logName, position, eventId: here.eventId, kind: 'reordered' };
      }
    }
    if (page.length < pageSize) {
      break;
    }
    after += page.length;
  }
  return problem;
}

function belongsAt(
  logName: string,
  previous: Buffer,
  position: number,
  candidate: ProvenEvent,
  here: ProvenEvent,
): boolean {
  const moved = { ...candidate, position };
  const hash = chainHash(previous, canonicalEventBytes(logName, moved));
  // The chain hash either moved with the row or stayed at its position.
  return hash.equals(candidate.chainHash) || hash.equals(here.chainHash);
}
