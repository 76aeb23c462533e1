import { toStream, trialCommand } from '@specie/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTrial, type Trial } from './open-test-store.js';

const append = () => trialCommand([toStream('book', 'any', {})]);

describe('The writer lease', () => {
  let trial: Trial;
  beforeEach(async () => {
    trial = await createTrial();
  });
  afterEach(() => trial.close());

  it('lets only its holder append to a single-writer log', async () => {
    const [first, second] = await Promise.all([
      trial.open({ singleWriter: true }),
      trial.open({ singleWriter: true }),
    ]);
    expect((await first.store.append(append())).outcome).toBe('fenced');
    const lease = await first.store.becomeWriter({
      instanceId: 'one',
      advertisedUrl: 'http://one',
    });
    expect((await first.store.append(append())).outcome).toBe('appended');
    expect((await second.store.append(append())).outcome).toBe('fenced');
    expect(await second.store.currentWriter()).toMatchObject({
      epoch: lease.epoch,
      instanceId: 'one',
      advertisedUrl: 'http://one',
    });
  });

  it('passes on within two seconds when the holder dies, and fences what it sends later', async () => {
    const [first, second] = await Promise.all([
      trial.open({ singleWriter: true }),
      trial.open({ singleWriter: true }),
    ]);
    const onLost = vi.fn();
    const lease = await first.store.becomeWriter({
      instanceId: 'one',
      advertisedUrl: 'http://one',
      onLost,
    });
    await first.store.append(append());
    const waiting = second.store.becomeWriter({ instanceId: 'two', advertisedUrl: 'http://two' });
    const start = Date.now();
    // What the server sees when the process of the holder is killed: its lease session ends.
    await second.dataSource.query('select pg_terminate_backend(backend_pid) from writer_lease');
    const next = await waiting;
    expect(Date.now() - start).toBeLessThan(2_000);
    expect(next.epoch).toBeGreaterThan(lease.epoch);
    expect((await first.store.append(append())).outcome).toBe('fenced');
    expect((await second.store.append(append())).outcome).toBe('appended');
    await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce());
    expect(await second.store.currentWriter()).toMatchObject({ instanceId: 'two' });
    expect(await second.store.verifyLog()).toMatchObject({ eventCount: 2, problem: null });
  });

  it('is taken from a holder that stays silent', async () => {
    const tuning = { leaseHeartbeatMs: 60_000, leaseStaleAfterMs: 300 };
    const first = await trial.open({ singleWriter: true, tuning });
    const second = await trial.open({ singleWriter: true, tuning: { leaseStaleAfterMs: 300 } });
    await first.store.becomeWriter({ instanceId: 'one', advertisedUrl: 'http://one' });
    await second.store.becomeWriter({ instanceId: 'two', advertisedUrl: 'http://two' });
    expect((await first.store.append(append())).outcome).toBe('fenced');
    expect((await second.store.append(append())).outcome).toBe('appended');
  });

  it('lets a replaced holder answer nothing: no refusal, no repeat, nothing to do', async () => {
    const [first, second] = await Promise.all([
      trial.open({ singleWriter: true }),
      trial.open({ singleWriter: true }),
    ]);
    const idempotency = { scope: 's', key: 'k', bodyHash: 'aa', answer: { rejected: 'too_poor' } };
    const inbox = { consumer: 'trial.billing', eventId: '1' };
    const answers = () => [
      trialCommand([toStream('book', 1)], { idempotency }),
      trialCommand([toStream('book', 1)], { inbox }),
      trialCommand([toStream('book', 1)]),
    ];
    await first.store.becomeWriter({ instanceId: 'one', advertisedUrl: 'http://one' });
    await first.store.append(append());
    expect((await first.store.append(trialCommand([toStream('book', 1)]))).outcome).toBe(
      'appended',
    );
    // The stream stays as it was, so that nothing but the epoch can tell.
    const waiting = second.store.becomeWriter({ instanceId: 'two', advertisedUrl: 'http://two' });
    await second.dataSource.query('select pg_terminate_backend(backend_pid) from writer_lease');
    await waiting;
    for (const command of answers()) {
      expect((await first.store.append(command)).outcome).toBe('fenced');
    }
    expect(await second.store.findAnswer('s', 'k')).toBeNull();
    for (const command of answers()) {
      expect((await second.store.append(command)).outcome).toBe('appended');
    }
    expect(await second.store.verifyLog()).toMatchObject({ eventCount: 1, problem: null });
  });

  it('passes on at once when it is released', async () => {
    const [first, second] = await Promise.all([trial.open(), trial.open()]);
    const lease = await first.store.becomeWriter({
      instanceId: 'one',
      advertisedUrl: 'http://one',
    });
    await lease.release();
    const next = await second.store.becomeWriter({
      instanceId: 'two',
      advertisedUrl: 'http://two',
    });
    expect(next.epoch).toBe(lease.epoch + 1);
    expect((await first.store.append(append())).outcome).toBe('fenced');
  });
});
