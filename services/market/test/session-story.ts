import { randomUUID } from 'node:crypto';
import type { ServiceApp } from '@specie/nest-platform';
import type { Actor } from '@specie/service-testing';
import { clientOf, eventually, send, type Answer, type Client } from '@specie/testing';
import { expect } from 'vitest';
import { escrow, operator, type Venue } from './open-venue.js';

/** A client that also replaces things. */
export interface Trader extends Client {
  put(path: string, body: unknown): Promise<Answer>;
}

export async function traderOf(service: ServiceApp, actor: Actor): Promise<Trader> {
  const token = await service.token(actor);
  return {
    ...(await clientOf(service, actor)),
    put: (path, body) => send(`${service.url}${path}`, 'PUT', { token, body }),
  };
}

/** A book without fees of its own, closed, with Ada's 1,000 dollars and Bob's 100 tokens. */
export class SessionStory {
  private constructor(
    readonly venue: Venue,
    readonly seriesId: string,
    readonly ada: Trader,
    readonly bob: Trader,
    readonly desk: Trader,
  ) {}

  static async open(venue: Venue, service: ServiceApp, phase = 'closed'): Promise<SessionStory> {
    const seriesId = randomUUID();
    const [ada, bob, desk] = await Promise.all([
      traderOf(service, { partyId: randomUUID(), roles: ['investor'] }),
      traderOf(service, { partyId: randomUUID(), roles: ['founder'] }),
      traderOf(service, operator),
    ]);
    await service.writing();
    await venue.allow(ada.partyId, 'trade');
    await venue.allow(bob.partyId, 'trade');
    await escrow(venue, { partyId: bob.partyId, seriesId }, 100_000_000n);
    const fees = { makerFeePpm: 0, takerFeePpm: 0, auctionFeePpm: 1_000 };
    const sizes = { minimumLots: 1, maximumLots: 1_000_000 };
    const book = { seriesId, currency: 'USD', ...fees, ...sizes, phase };
    expect(await desk.post('/books', book)).toMatchObject({ status: 201 });
    const deposit = { partyId: ada.partyId, currency: 'USD', amount: '1000' };
    expect(await desk.post('/cash-deposits', deposit)).toMatchObject({ status: 201 });
    const story = new SessionStory(venue, seriesId, ada, bob, desk);
    await eventually(
      'the escrowed tokens',
      async () => (await story.balances(bob)).tokens !== undefined,
    );
    return story;
  }

  /** The same story, told to another instance. */
  async at(service: ServiceApp): Promise<SessionStory> {
    const { venue, seriesId, ada, bob } = this;
    await service.writing();
    return new SessionStory(
      venue,
      seriesId,
      await traderOf(service, { partyId: ada.partyId, roles: ['investor'] }),
      await traderOf(service, { partyId: bob.partyId, roles: ['founder'] }),
      await traderOf(service, operator),
    );
  }

  /** The terms of a limit order, DAY unless another is given. */
  limit(side: 'buy' | 'sell', priceTicks: number, quantityLots: number, more: object = {}): object {
    const terms = { kind: 'limit', timeInForce: 'DAY', priceTicks, quantityLots };
    return { seriesId: this.seriesId, side, ...terms, ...more };
  }

  /** Places an order that is accepted, and answers its id. */
  async placed(trader: Trader, order: object): Promise<string> {
    const { status, body } = await trader.post('/orders', order);
    expect({ status, body }).toMatchObject({ status: 201 });
    return String(body['id']);
  }

  async order(trader: Trader, orderId: string): Promise<Answer['body']> {
    return (await trader.get(`/orders/${orderId}`)).body;
  }

  async session(): Promise<Answer['body']> {
    return (await this.desk.get(`/books/${this.seriesId}/session`)).body;
  }

  change(phase: string): Promise<Answer> {
    return this.desk.put(`/books/${this.seriesId}/phase`, { phase });
  }

  /** Waits until the book is in the phase. */
  async reaches(phase: string): Promise<Answer['body']> {
    return eventually(`the phase ${phase}`, async () => {
      const session = await this.session();
      return session['phase'] === phase && session;
    });
  }

  /** Cash and tokens of the book, each as available and reserved. */
  async balances(trader: Trader): Promise<{
    readonly cash: readonly [unknown, unknown] | undefined;
    readonly tokens: readonly [unknown, unknown] | undefined;
  }> {
    const { body } = await trader.get(`/parties/${trader.partyId}/balances`);
    type Row = {
      readonly seriesId?: string;
      readonly available: string;
      readonly reserved: string;
    };
    const [cash] = body['cash'] as readonly Row[];
    const tokens = (body['tokens'] as readonly Row[]).find(
      ({ seriesId }) => seriesId === this.seriesId,
    );
    return {
      cash: cash && [cash.available, cash.reserved],
      tokens: tokens && [tokens.available, tokens.reserved],
    };
  }
}
