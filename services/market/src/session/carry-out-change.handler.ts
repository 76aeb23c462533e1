import { Inject, Injectable } from '@nestjs/common';
import { codeOf, type CommandContext, type Handled } from '@specie/event-sourcing';
import type { TradingPhase } from '../shard/shard.commands.js';
import type { ChangePhaseRejection } from '../shard/shard-rejections.js';
import { ShardWriter } from '../shard/shard-writer.adapter.js';
import { DueQuery } from './due.query.js';
import type { PlannedChange } from './planned-changes.js';
import { stepId, uncrossing } from './step-ids.js';

interface DueChange {
  readonly seriesId: string;
  readonly change: PlannedChange;
}

/** Carries out a change of phase that the calendar of a book makes by itself, unless an operator decided otherwise. */
@Injectable()
export class CarryOutChangeHandler {
  constructor(
    @Inject(ShardWriter) private readonly writer: ShardWriter,
    @Inject(DueQuery) private readonly due: DueQuery,
  ) {}

  async handle({ seriesId, change }: DueChange, context: CommandContext): Promise<Handled<never>> {
    if (!(await this.due.isStillDue(seriesId, change, context.now))) {
      return nothingToDo;
    }
    const handled = await this.changeTo({ seriesId, change }, change.to, context);
    if (handled.outcome !== 'rejected') return handled;
    if (codeOf(handled) !== 'book_crossed') return nothingToDo;
    const uncrossed = await this.changeTo({ seriesId, change }, uncrossing, context);
    return uncrossed.outcome === 'rejected' ? nothingToDo : uncrossed;
  }

  private changeTo(
    { seriesId, change }: DueChange,
    to: TradingPhase,
    context: CommandContext,
  ): Promise<Handled<ChangePhaseRejection>> {
    return this.writer.submit({
      command: { kind: 'change-phase', seriesId, to, cause: 'calendar' },
      context: { ...context, commandId: stepId(seriesId, change, to) },
    });
  }
}

/** Somebody was faster: the book is in the phase already. */
const nothingToDo: Handled<never> = {
  ...{ outcome: 'accepted', answer: null, repeated: true },
  versions: new Map(),
};
