import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { TrancheOpened } from '@specie/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EventContext, EventErrorFilter, SpecieEventServer } from '../src/index.js';
import { eventually, World } from './world.js';

interface Seen {
  readonly event: TrancheOpened;
  readonly context: EventContext;
}
const seen: Seen[] = [];
let failure: Error | null = null;

@Controller()
class DealsConsumer {
  @EventPattern<string>('deals.tranche-opened')
  async onTrancheOpened(
    @Payload() event: TrancheOpened,
    @Ctx() context: EventContext,
  ): Promise<void> {
    seen.push({ event, context });
    if (failure) {
      throw failure;
    }
    await context.effect((manager) =>
      manager.query(`insert into effect (consumer, event_id) values ('first', $1)`, [
        context.recorded.eventId,
      ]),
    );
  }
}

@Controller()
class SecondConsumer {
  @EventPattern<string>('deals.tranche-opened')
  async onTrancheOpened(@Ctx() context: EventContext): Promise<void> {
    await context.effect(
      (manager) =>
        manager.query(`insert into effect (consumer, event_id) values ('second', $1)`, [
          context.recorded.eventId,
        ]),
      'second',
    );
  }
}

@Controller()
class CarelessConsumer {
  @EventPattern<string>('deals.tranche-opened')
  async onTrancheOpened(@Ctx() context: EventContext): Promise<void> {
    await context.effect(() => Promise.resolve());
  }
}

describe('SpecieEventServer', () => {
  let world: World;
  let close: (() => Promise<unknown>) | null = null;

  beforeEach(async () => {
    seen.length = 0;
    failure = null;
    world = await World.create('postgres');
  });

  afterEach(async () => {
    await close?.();
    close = null;
    await world.close();
  });

  async function start(
    controllers: readonly (new () => object)[],
    options: { readonly autoStart?: boolean; readonly eventsConsumed?: readonly string[] } = {},
  ): Promise<SpecieEventServer> {
    @Module({ controllers: [...controllers] })
    class TestModule {}
    const server = new SpecieEventServer({
      bus: world.bus({ retry: { attemptCountMax: 2 } }),
      consumer: 'issuance',
      dataSource: world.consumer.dataSource,
      now: () => '2026-03-02T10:00:00.000Z',
      ...options,
    });
    const app = await NestFactory.createMicroservice(TestModule, {
      strategy: server,
      logger: false,
    });
    app.useGlobalFilters(new EventErrorFilter());
    close = () => app.close();
    await app.listen();
    return server;
  }

  it('gives the decoded event and its context to every handler, each with an effect of its own', async () => {
    const server = await start([DealsConsumer, SecondConsumer]);
    await world.publish('deal-1', 2);
    await eventually(
      'four effects',
      async () => (await world.effectCount('first')) + (await world.effectCount('second')) === 4,
    );
    expect(seen[0]?.event.data.tokens).toBe(1_000_000_000n);
    expect(seen[0]?.context.recorded).toMatchObject({
      streamId: 'deal-1',
      streamVersion: 1,
      type: 'deals.tranche-opened',
    });
    expect(server.consumptionStatus().state).toBe('consuming');
  });

  it('derives the same command from the same event, with its inbox row', async () => {
    await start([DealsConsumer]);
    await world.publish('deal-1', 1);
    await eventually('seen', () => seen.length === 1);
    const context = seen[0]?.context;
    const eventId = context?.recorded.eventId;
    const command = context?.command();
    expect(command).toEqual({
      commandId: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ) as string,
      now: '2026-03-02T10:00:00.000Z',
      actor: 'service:issuance',
      correlationId: 'test',
      causationId: eventId,
      inbox: { consumer: 'issuance:command', eventId },
    });
    expect(context?.command('other').commandId).not.toBe(command?.commandId);
    expect(() => context?.command()).toThrow('used twice');
  });

  it("parks an event with the handler's own error and resumes it", async () => {
    failure = new Error('series 7 is not open');
    const server = await start([DealsConsumer]);
    await world.publish('deal-1', 1);
    const [parked] = await eventually('parked', async () => {
      const streams = await server.parked();
      return streams.length > 0 && streams;
    });
    expect(parked).toMatchObject({ streamId: 'deal-1', error: 'Error: series 7 is not open' });
    failure = null;
    expect(await server.resume({ source: 'deals', streamId: 'deal-1', lane: '' })).toMatchObject({
      resumed: 1,
      unparked: true,
    });
    expect(await world.effectCount('first')).toBe(1);
  });

  it('refuses two handlers that would share one effect', async () => {
    const server = await start([DealsConsumer, CarelessConsumer]);
    await world.publish('deal-1', 1);
    const [parked] = await eventually('parked', async () => {
      const streams = await server.parked();
      return streams.length > 0 && streams;
    });
    expect(parked?.error).toContain('used twice');
  });

  it('consumes only between startConsuming and stopConsuming when it does not start by itself', async () => {
    const server = await start([DealsConsumer], { autoStart: false });
    await world.publish('deal-1', 1);
    expect(server.consumptionStatus().state).toBe('idle');
    await server.startConsuming();
    await eventually('seen', () => seen.length === 1);
    await server.stopConsuming();
    await world.publish('deal-1', 1);
    expect(server.consumptionStatus().state).toBe('idle');
    await server.startConsuming();
    await eventually('seen', () => seen.length === 2);
  });

  it('does not start when eventsConsumed and the handlers differ', async () => {
    await expect(
      start([DealsConsumer], { eventsConsumed: ['deals.tranche-opened', 'deals.deal-signed'] }),
    ).rejects.toThrow('without handler [deals.deal-signed]');
  });
});
