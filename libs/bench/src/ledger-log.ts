import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { streamIds, type ServiceName } from '@specie/contracts';
import { encodeMessage, partitionOf, type LogRecord, type WireMessage } from '@specie/event-bus';
import { canonicalJson, deriveEventId, type JsonValue } from '@specie/event-sourcing';
import {
  canonicalEventBytes,
  chainHash,
  genesisHash,
  signHead,
} from '@specie/postgres-event-store';

interface LedgerEvent {
  readonly streamId: string;
  readonly type: string;
  readonly data: Readonly<Record<string, JsonValue>>;
}

export interface PlacedMessage {
  readonly message: WireMessage;
  readonly partition: number;
}

/** As many commands as share one transaction, and so one signature, under 64 concurrent callers. */
const commandsPerBatch = 64;
const at = '2026-03-02T10:00:00.000Z';
const hash = 'ab'.repeat(32);
const partyCount = 500;

export const ledgerKeys = generateKeyPairSync('ed25519');

function id(kind: number, number: number): string {
  return `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** A log as a service writes it and as its relay sends it. */
export class LedgerLog {
  readonly messages: PlacedMessage[] = [];
  private readonly versions = new Map<string, number>();
  private readonly previous = new Map<number, number>();
  private position = 0;
  private commandCount = 0;
  private hash: Uint8Array = genesisHash;
  private unsent: LogRecord[] = [];

  constructor(
    private readonly service: ServiceName,
    private readonly partitionCount: number,
    private readonly key: KeyObject = ledgerKeys.privateKey,
  ) {}

  append(...events: readonly LedgerEvent[]): void {
    this.commandCount += 1;
    // The last twelve digits leave room for the ordinals of the events.
    const commandId = id(0xc0, this.commandCount * 4_096);
    for (const [ordinal, event] of events.entries()) {
      this.place(event, commandId, ordinal);
    }
    if (this.commandCount % commandsPerBatch === 0) {
      this.flush();
    }
  }

  /** Ends the batch: its last event carries the signature of the head. */
  flush(): void {
    const last = this.unsent.pop();
    if (last !== undefined) {
      const head = { logName: this.service, position: last.position, chainHash: last.chainHash };
      this.unsent.push({ ...last, headSignature: signHead(head, this.key) });
    }
    for (const record of this.unsent) {
      const partition = partitionOf(record.streamId, this.partitionCount);
      const previousPosition = this.previous.get(partition) ?? 0;
      this.previous.set(partition, record.position);
      const message = encodeMessage(record, { source: this.service, epoch: 1, previousPosition });
      this.messages.push({ message, partition });
    }
    this.unsent = [];
  }

  private place({ streamId, type, data }: LedgerEvent, commandId: string, ordinal: number): void {
    this.position += 1;
    const streamVersion = (this.versions.get(streamId) ?? 0) + 1;
    this.versions.set(streamId, streamVersion);
    const metadata = {
      actor: id(1, 1),
      causationId: commandId,
      correlationId: commandId,
      idempotencyKey: commandId,
    };
    const record = {
      position: this.position,
      streamId,
      streamVersion,
      eventId: deriveEventId(commandId, ordinal),
      commandId,
      type,
      schemaVersion: 1,
      occurredAt: at,
      effectiveAt: at,
      recordedAt: at,
      metadata: Buffer.from(canonicalJson(metadata)),
      data: Buffer.from(canonicalJson(data)),
    };
    const chained = chainHash(this.hash, canonicalEventBytes(this.service, record));
    this.hash = chained;
    this.unsent.push({ ...record, chainHash: chained, headSignature: null });
  }
}

/** Token transfers between accounts of one series: two events a command. */
export function issuanceLog(partitionCount: number, eventCount: number): LedgerLog {
  const log = new LedgerLog('issuance', partitionCount);
  const provider = id(1, 0);
  const series = id(2, 1);
  const account = (party: number): string => id(3, party);
  const stream = streamIds.provider(provider);
  const append = (streamId: string, type: string, data: LedgerEvent['data']): void =>
    log.append({ streamId, type, data });
  append(stream, 'issuance.provider-registered', { providerId: provider, uptimeHaircutBps: 0 });
  append(stream, 'issuance.capacity-committed', {
    ...{
      providerId: provider,
      commitmentId: id(4, 1),
      sku: 'H100-SXM',
      gpuCount: 100_000,
      fromOn: '2026-03-01',
    },
    ...{ toOn: '2026-12-31', weightVersion: 1, weightPpm: 1_000_000, uptimeHaircutBps: 0 },
    tokensPerDay: '2400000.000000',
  });
  append(stream, 'issuance.capacity-attested', {
    ...{ providerId: provider, commitmentId: id(4, 1), attestedBy: id(1, 1), evidenceHash: hash },
  });
  append(stream, 'issuance.series-opened', {
    ...{
      providerId: provider,
      seriesId: series,
      treasuryAccountId: account(0),
      windowFromOn: '2026-04-01',
    },
    ...{ windowToOn: '2026-12-31', skus: ['H100-SXM'], region: 'eu-north', transferable: true },
  });
  for (let party = 0; party < partyCount; party += 1) {
    append(streamIds.account(account(party)), 'issuance.account-opened', {
      ...{ accountId: account(party), seriesId: series, partyId: id(1, party) },
      kind: party === 0 ? 'treasury' : 'party',
    });
  }
  const move = (
    kind: 'sent' | 'received',
    own: number,
    other: number,
    movementId: string,
    quantity: string,
  ): LedgerEvent => ({
    streamId: streamIds.account(account(own)),
    type: `issuance.tokens-${kind}`,
    data: {
      ...{
        accountId: account(own),
        seriesId: series,
        partyId: id(1, own),
        movementId,
        movement: 'transfer',
      },
      ...{ counterPartyId: id(1, other), quantity },
      ...(kind === 'sent'
        ? { draws: [{ lotId: id(5, own), quantity }] }
        : { lots: [{ lotId: id(5, own), quantity, lockupEndsAt: null }] }),
    },
  });
  const minted = '100000000.000000';
  log.append(
    {
      streamId: stream,
      type: 'issuance.tokens-minted',
      data: {
        ...{ providerId: provider, seriesId: series, mintId: id(6, 1), quantity: minted },
        ...{ outstandingAfter: minted, coveredOn: '2026-03-02' },
      },
    },
    move('received', 0, 0, id(6, 1), minted),
  );
  for (let ordinal = 1; log.messages.length < eventCount; ordinal += 1) {
    const [from, to] = [0, 1 + (ordinal % (partyCount - 1))];
    log.append(
      move('sent', from, to, id(7, ordinal), '1.250000'),
      move('received', to, from, id(7, ordinal), '1.250000'),
    );
  }
  log.flush();
  return log;
}

/** Metered usage: a hundred records and their slice a command. */
export function meteringLog(partitionCount: number, eventCount: number): LedgerLog {
  const log = new LedgerLog('metering', partitionCount);
  const atomsOf = (seconds: bigint): bigint => seconds * 7_000n * 1_000_000n;
  for (let number = 1; log.messages.length < eventCount; number += 1) {
    const reservation = id(8, number);
    const streamId = streamIds.reservation(reservation);
    const facts = { reservationId: reservation, partyId: id(1, number % partyCount) };
    const held = '500.000000';
    log.append({
      streamId,
      type: 'metering.redemption-requested',
      data: {
        ...{
          ...facts,
          seriesId: id(2, 1),
          sku: 'H100-SXM',
          weightVersion: 1,
          weightPpm: 1_000_000,
        },
        ...{ quantity: held, expiresAt: '2026-12-31T00:00:00.000Z' },
      },
    });
    const usage = Array.from({ length: 100 }, (_, index): LedgerEvent => {
      const recordId = `job-${number}-${index}`;
      return {
        streamId: streamIds.usage(id(9, number * 1_000 + index)),
        type: 'metering.usage-charged',
        data: {
          ...{
            ...facts,
            source: 'meter-1',
            recordId,
            sku: 'H100-SXM',
            gpuCount: 1,
            fraction7000: 7000,
          },
          ...{
            weightVersion: 1,
            weightPpm: 1_000_000,
            startedAt: at,
            seconds: 3_600,
            gpuSeconds: '3600',
          },
          ...{ atoms: atomsOf(3_600n).toString(), evidenceHash: hash },
        },
      };
    });
    const atoms = atomsOf(360_000n).toString();
    log.append(...usage, {
      streamId,
      type: 'metering.slice-captured',
      data: {
        ...{
          ...facts,
          seriesId: id(2, 1),
          captureId: id(10, number),
          sliceNumber: 1,
          usageCount: 100,
        },
        ...{
          gpuSeconds: '360000',
          atoms,
          atomsCumulative: atoms,
          captured: '0.000000',
          capturedCumulative: '0.000000',
        },
      },
    });
  }
  log.flush();
  return log;
}

/** Deposits, orders and trades between neighbours: resting order, then a taker that fills it. */
export function marketLog(partitionCount: number, eventCount: number): LedgerLog {
  const log = new LedgerLog('market', partitionCount);
  const series = id(2, 1);
  const streamId = streamIds.shard('main');
  const terms = {
    seriesId: series,
    kind: 'limit',
    timeInForce: 'GTC',
    priceTicks: 20_000,
    quantityLots: 10,
  };
  for (let party = 0; party < partyCount; party += 1) {
    const partyId = id(1, party);
    const cash = { depositId: id(11, party), partyId, currency: 'USD', amount: '100000000.000000' };
    log.append({ streamId, type: 'market.cash-deposited', data: cash });
  }
  const fees = { makerFeeBps: 0, takerFeeBps: 0 };
  const lots = { minimumLots: 1, maximumLots: 1_000 };
  const book = { seriesId: series, currency: 'USD', ...fees, ...lots };
  log.append({ streamId, type: 'market.book-opened', data: book });
  let orderNumber = 0;
  for (let number = 1; log.messages.length < eventCount; number += 1) {
    orderNumber += 1;
    const partyId = id(1, number % partyCount);
    const orderId = id(12, orderNumber);
    log.append({
      streamId,
      type: 'market.order-accepted',
      data: { orderId, orderNumber, partyId, side: 'buy', ...terms, reserved: 200_000 },
    });
    log.append({
      streamId,
      type: 'market.order-cancelled',
      data: { orderId, seriesId: series, partyId, leavesLots: 10, reason: 'requested' },
    });
  }
  log.flush();
  return log;
}
