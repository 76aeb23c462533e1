import { eventCodec, streamIds } from '@specie/contracts';
import {
  CommandHandler,
  InMemoryEventStore,
  type CommandContext,
  type Handled,
} from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import { randomFrom, seedOr } from '@specie/testing';
import { expect } from 'vitest';
import { companyAggregate } from '../src/company/company.state.js';
import { Books } from './fold.js';

export const seed = seedOr(20_260_301);

export const companyId = derivedId('company', 'acme');
export const acme = derivedId('party', 'acme');

/** A log under simulation: commands run once or more often, and what must hold is checked against plain additions. */
export abstract class SimulatedLog {
  readonly store = new InMemoryEventStore();
  readonly books = new Books();
  readonly counts = { accepted: 0, rejected: 0, repeated: 0, late: 0 };
  protected readonly random = randomFrom(seed);
  protected commands = new CommandHandler(this.store, eventCodec);
  protected position = 0;
  protected commandCount = 0;

  /** Runs a command; now and then again, which must add nothing. */
  protected async twice(run: (context: CommandContext) => Promise<Handled<string>>): Promise<void> {
    this.commandCount += 1;
    const context = this.contextOf(`command ${this.commandCount}`);
    const handled = await run(context);
    this.counts[handled.outcome === 'accepted' ? 'accepted' : 'rejected'] += 1;
    if (handled.outcome === 'accepted' && this.random(4) === 0) {
      await this.addsNothing(() => run(context));
      this.counts.repeated += 1;
    }
  }

  protected async addsNothing(run: () => Promise<Handled<string>>): Promise<void> {
    const before = (await this.store.readAll(0, Number.MAX_SAFE_INTEGER)).length;
    expect((await run()).outcome).toBe('accepted');
    expect((await this.store.readAll(0, Number.MAX_SAFE_INTEGER)).length).toBe(before);
  }

  protected contextOf(name: string): CommandContext {
    const commandId = derivedId('simulated', name);
    return {
      commandId,
      now: '2026-03-01T12:00:00.000Z',
      actor: acme,
      correlationId: commandId,
      causationId: commandId,
      inbox: { consumer: 'simulation', eventId: commandId },
    };
  }

  /** S5 over the whole log, and the state the deciders see against plain additions. */
  protected async check(where: string): Promise<void> {
    const events = await this.store.readAll(this.position, Number.MAX_SAFE_INTEGER);
    events.forEach((event) => {
      this.books.add(event);
    });
    this.position += events.length;
    for (const [classId, { authorised, issued, cancelled, reserved }] of this.books.classes) {
      const held = [...this.books.holdings]
        .filter(([key]) => key.startsWith(classId))
        .reduce((sum, [, holding]) => sum + holding.shares, 0n);
      expect(issued - cancelled, `S5 ${where}`).toBe(held);
      expect(issued - cancelled + reserved <= authorised, `S5 ${where}`).toBe(true);
    }
    for (const [dealId, { terms, status, signedBy, sharesIssued }] of this.books.deals) {
      const isPromised = signedBy.size > 0 && status !== 'cancelled';
      const promised = isPromised ? terms.shares - sharesIssued : 0n;
      expect(this.books.reservations.get(dealId) ?? 0n, `D6 ${where}`).toBe(promised);
    }
    expect(
      [...this.books.holdings.values()].every((holding) => holding.shares >= 0n),
      `S7 ${where}`,
    ).toBe(true);
    for (const { terms, status, tokensAccepted, sharesIssued } of this.books.deals.values()) {
      expect(sharesIssued * terms.tokens <= terms.shares * tokensAccepted, `D4 ${where}`).toBe(
        true,
      );
      const isComplete = sharesIssued === terms.shares && tokensAccepted === terms.tokens;
      expect(status === 'completed', `D4 ${where}`).toBe(isComplete);
    }
    const { state } = await this.commands.load(streamIds.company(companyId), companyAggregate);
    for (const shareClass of state.status === 'registered' ? state.classes.values() : []) {
      expect(this.books.classes.get(shareClass.classId), where).toMatchObject({
        issued: shareClass.issued,
        cancelled: shareClass.cancelled,
        reserved: shareClass.reserved,
      });
    }
  }
}
