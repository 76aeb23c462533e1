import type { KeyObject } from 'node:crypto';
import { serviceOf, type ServiceName } from '@specie/contracts';
import type { KafkaMessage } from 'kafkajs';
import { describeError } from '../errors.js';
import { isPassable, type Fault, type HaltReason } from '../halt.js';
import { partitionOf } from '../partition.js';
import type { Delivery } from '../ports.js';
import { decodeMessage, type DecodedMessage, type PartitionProof } from '../wire.js';
import {
  genesis,
  isPartitionHeadSigned,
  partitionHash,
  type ChainPoint,
} from './partition-chain.js';

export interface FetchedMessages {
  readonly source: ServiceName;
  readonly topic: string;
  readonly partition: number;
  readonly partitionCount: number;
  readonly keys: readonly KeyObject[];
  /** In the order of the partition; whole sends, since a send is one record batch. */
  readonly messages: readonly KafkaMessage[];
  /** Where the consumer stands. */
  readonly head: ChainPoint;
  /** Offsets that an operator let the partition go behind; they count only where the message does not verify. */
  readonly passedOver: ReadonlySet<bigint>;
  /** Ends of earlier sends with `from <= position <= to`, by position. */
  readonly remembered: (from: number, to: number) => Promise<ReadonlyMap<number, Buffer>>;
}

export interface VerifiedMessage {
  readonly kafkaOffset: bigint;
  /** Null for a repeat and for what was passed over. */
  readonly delivery: Delivery | null;
  /** Where the partition stands after it. */
  readonly head: ChainPoint;
  /** Whether the relay signed the head here. */
  readonly isSigned: boolean;
}

export interface VerifiedMessages {
  readonly messages: readonly VerifiedMessage[];
  readonly repeatCount: number;
  readonly fault: Fault | null;
}

interface ReadableMessage extends DecodedMessage {
  readonly proof: PartitionProof;
  readonly kafkaOffset: bigint;
}

interface Send {
  /** What it follows; null when it is read from its middle on, so that its first message is not proven. */
  readonly from: ChainPoint | null;
  readonly messages: readonly ReadableMessage[];
  readonly nextIndex: number;
}

/**
 * Proves what was fetched of a partition, send by send. A send is genuine when its messages link from the
 * hash that its first one names to the signature of its last one; only then is its place judged: it
 * follows what was consumed, repeats it, leaves a gap, or belongs to another branch of the log.
 */
export async function verifyMessages(fetched: FetchedMessages): Promise<VerifiedMessages> {
  const { messages, passedOver } = fetched;
  const verified: VerifiedMessage[] = [];
  const skipped = new Set<bigint>();
  let { head } = fetched;
  let repeatCount = 0;
  let index = 0;
  while (index < messages.length) {
    const send = readSend(fetched, head, index, skipped);
    const fault = 'reason' in send ? send : await misplaced(fetched, head, send);
    if (fault !== null) {
      const { kafkaOffset, reason } = fault;
      if (kafkaOffset === null || !passedOver.has(kafkaOffset) || !isPassable(reason)) {
        return { messages: verified, repeatCount, fault };
      }
      skipped.add(kafkaOffset);
      continue;
    }
    const { nextIndex, messages: genuine } = send as Send;
    const known = new Map(genuine.map((message) => [message.kafkaOffset, message]));
    for (const { offset } of messages.slice(index, nextIndex)) {
      const message = known.get(BigInt(offset));
      const isFresh = message !== undefined && message.record.position > head.position;
      repeatCount += message !== undefined && !isFresh ? 1 : 0;
      head = isFresh ? { position: message.record.position, hash: message.proof.hash } : head;
      verified.push({
        kafkaOffset: BigInt(offset),
        delivery: isFresh ? deliveryOf(fetched, message) : null,
        head,
        isSigned: isFresh && message.proof.signature !== null,
      });
    }
    index = nextIndex;
  }
  return { messages: verified, repeatCount, fault: null };
}

/** Reads one send from `index` on and proves it by itself. */
function readSend(
  fetched: FetchedMessages,
  head: ChainPoint,
  index: number,
  skipped: ReadonlySet<bigint>,
): Send | Fault {
  const { source, topic, partition, keys, messages } = fetched;
  const read: ReadableMessage[] = [];
  let from: ChainPoint | null = null;
  let last: ChainPoint | null = null;
  for (let at = index; at < messages.length; at += 1) {
    const raw = messages[at];
    if (raw === undefined || skipped.has(BigInt(raw.offset))) {
      continue;
    }
    const message = readMessage(fetched, raw);
    const [first] = read;
    // Nothing comes between the messages of a send, so what was read before is a send without an end.
    if (first && ('reason' in message || message.proof.previousHash !== null)) {
      return faultOf(first, 'unsigned', 'no signature follows it');
    }
    if ('reason' in message) {
      return message;
    }
    const { proof, previousPosition, record } = message;
    last ??= from = startOf(head, message);
    if (record.position <= previousPosition || (last && previousPosition !== last.position)) {
      return faultOf(message, 'altered', 'it does not name the message before it');
    }
    if (last && !partitionHash(source, last, record).equals(proof.hash)) {
      return faultOf(message, 'altered', 'its bytes do not give its hash');
    }
    last = { position: record.position, hash: proof.hash };
    read.push(message);
    if (proof.signature !== null) {
      const signedHead = { logName: source, topic, partition, ...last };
      return isPartitionHeadSigned(signedHead, proof.signature, keys)
        ? { from, messages: read, nextIndex: at + 1 }
        : faultOf(message, 'bad_signature', `no known key of ${source} signed this head`);
    }
  }
  const [first] = read;
  return first
    ? faultOf(first, 'unsigned', 'no signature follows it')
    : { from: head, messages: [], nextIndex: messages.length };
}

/** The hash a send follows: the one it names, or the consumer's own when it is read from its middle on. */
function startOf(
  head: ChainPoint,
  { previousPosition, proof }: ReadableMessage,
): ChainPoint | null {
  if (proof.previousHash !== null) {
    return { position: previousPosition, hash: proof.previousHash };
  }
  return previousPosition === head.position ? head : null;
}

function readMessage(fetched: FetchedMessages, message: KafkaMessage): ReadableMessage | Fault {
  const { source, partition, partitionCount } = fetched;
  const kafkaOffset = BigInt(message.offset);
  let decoded: DecodedMessage;
  try {
    decoded = decodeMessage(message);
  } catch (error) {
    return { reason: 'unreadable', position: null, kafkaOffset, detail: describeError(error) };
  }
  const { record, proof } = decoded;
  const found = { ...decoded, kafkaOffset };
  if (decoded.source !== source || serviceOf(record.type) !== source) {
    return faultOf(found, 'foreign_log', `an event of ${decoded.source} in the topic of ${source}`);
  }
  if (partitionOf(record.streamId, partitionCount) !== partition) {
    return faultOf(found, 'wrong_partition', 'its stream lives in another partition');
  }
  if (proof === null) {
    return faultOf(found, 'unsigned', 'it has no hash of its partition');
  }
  return { ...found, proof };
}

/** A genuine send that does not belong here. */
async function misplaced(
  fetched: FetchedMessages,
  head: ChainPoint,
  { from, messages }: Send,
): Promise<Fault | null> {
  const first = messages[0];
  const last = messages.at(-1);
  if (first === undefined || last === undefined) {
    return null;
  }
  const start = from?.position ?? first.previousPosition;
  if (start > head.position || (from === null && last.record.position > head.position)) {
    return faultOf(first, 'gap', `it follows ${start}, but only ${head.position} was seen`);
  }
  const end = Math.min(last.record.position, head.position);
  const known = new Map(start === head.position ? [] : await fetched.remembered(start, end));
  known.set(head.position, head.hash);
  known.set(0, genesis.hash);
  if (from && known.get(start)?.equals(from.hash) === false) {
    return faultOf(first, 'diverged', `it follows another event at ${start}`);
  }
  const ends = [...known.keys()].toSorted((a, b) => a - b);
  // Of a send without its start only the signed end is proven; all of it was consumed before.
  for (const message of from ? messages : [last]) {
    const { record, previousPosition, proof } = message;
    if (known.get(record.position)?.equals(proof.hash) === false) {
      return faultOf(message, 'diverged', 'another event was consumed at its position');
    }
    const passed = ends.find((at) => at > previousPosition && at < record.position);
    if (from && passed !== undefined) {
      const detail = `the event that was consumed at ${passed} is not before it`;
      return faultOf(message, 'diverged', detail);
    }
  }
  return null;
}

function deliveryOf({ source, partition }: FetchedMessages, message: ReadableMessage): Delivery {
  const { record, previousPosition, kafkaOffset } = message;
  return { source, partition, record, previousPosition, kafkaOffset };
}

function faultOf(
  {
    record,
    kafkaOffset,
  }: { readonly record: DecodedMessage['record']; readonly kafkaOffset: bigint },
  reason: HaltReason,
  detail: string,
): Fault {
  return { reason, position: record.position, kafkaOffset, detail };
}
