import { afterEach, describe, expect, it } from 'vitest';
import { InputDiscards } from '../src/index.js';
import { ParkedEvents } from '../src/parked-events.js';
import { packMessage } from '../src/wire.js';
import { World } from './world.js';

const discarded = {
  discardId: '0192d1a0-7b5e-7c3d-8e4f-000000000001',
  source: 'deals',
  streamId: 'deal-1',
  position: null,
  partition: 2,
  kafkaOffset: '40',
  eventId: null,
  eventType: null,
  contentHash: null,
  reason: 'malformed',
  proposedBy: '0192d1a0-7b5e-7c3d-8e4f-000000000002',
  approvedBy: '0192d1a0-7b5e-7c3d-8e4f-000000000003',
} as const;

describe('A row in which an older version parked a message that it could not read', () => {
  let world: World;

  afterEach(() => world.close());

  it('is listed, cannot be resumed, and is discarded by its partition and offset', async () => {
    world = await World.create('postgres');
    const { dataSource } = world.consumer;
    const record = packMessage({ key: 'deal-1', value: Buffer.from('no event'), headers: {} });
    await dataSource.query(
      `insert into parked_event (consumer, source, stream_id, position, event_id, partition, kafka_offset, record,
         error, error_code, attempt_count)
       values ('issuance', 'deals', 'deal-1', $1, '00000000-0000-0000-0000-000000000000', 2, 40, $2, 'no headers',
         'unreadable', 1)`,
      [-(40 * 1024 + 2 + 1), record],
    );
    const consumption = await world.consume('issuance');
    const listed = { streamId: 'deal-1', kafkaOffset: '40', code: 'unreadable' };
    expect(await consumption.parked()).toMatchObject([{ ...listed, error: 'no headers' }]);
    expect(await consumption.resume('deals', 'deal-1')).toMatchObject({ unparked: false });
    expect(await consumption.parked()).toMatchObject([{ ...listed, eventCount: 1 }]);
    const discards = new InputDiscards(dataSource, new ParkedEvents(dataSource, 'issuance'));
    const at = { source: 'deals', place: '2/40' } as const;
    expect(await discards.find(at)).toMatchObject({
      position: null,
      partition: 2,
      kafkaOffset: '40',
      eventId: null,
      type: null,
      content: Buffer.from('no event'),
      isFirst: true,
    });
    await dataSource.transaction((manager) => discards.apply(manager, discarded));
    expect(await discards.find(at)).toBeNull();
    expect(await consumption.parked()).toEqual([]);
  });
});
