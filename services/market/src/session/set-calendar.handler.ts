import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import type { SetCalendar } from './session.commands.js';
import { setCalendar, type SetCalendarRejection } from './session.decider.js';
import { calendarStream } from './session.state.js';
import { SessionQuery } from './session.query.js';

/** Sets the calendar of a book, from an instant on. */
@Injectable()
export class SetCalendarHandler {
  constructor(
    @Inject(CommandHandler) private readonly commands: CommandHandler,
    @Inject(SessionQuery) private readonly sessions: SessionQuery,
  ) {}

  async handle(
    command: Omit<SetCalendar['data'], 'isBookOpen'>,
    context: CommandContext,
  ): Promise<Handled<SetCalendarRejection>> {
    const { seriesId } = command;
    // A book that is open stays open, so the command need not ask again for every attempt.
    const isBookOpen = await this.sessions.isBookOpen(seriesId);
    return this.commands.handle({
      ...calendarStream(seriesId),
      decide: (latest) =>
        setCalendar({ data: { ...command, isBookOpen }, metadata: context }, latest),
      context,
      answer: (streamVersion) => ({ id: seriesId, streamVersion }),
    });
  }
}
