import { TransientEventError } from '@specie/event-bus';
import { codeOf, type AppendOutcome, type Handled } from '@specie/event-sourcing';

/**
 * What every consumer, process and sweep does with the command that answers an event: it must end in events of our
 * own, refusals included. A lost race or a writer that was replaced says nothing about the event, so it is tried again
 * indefinitely. Anything else is the event's own failure, or a bug that it shows: the bus parks it.
 *
 * @throws TransientEventError for `contended` and `fenced`, Error for what is neither
 */
export function requireSettled(outcome: Outcome): void {
  switch (outcome.outcome) {
    case 'accepted':
    case 'appended':
    case 'already_done':
      return;
    case 'contended':
    case 'fenced':
    case 'wrong_expected_version':
      throw new TransientEventError(`the command that answers the event ended ${outcome.outcome}`);
    case 'rejected':
      throw new Error(`the command that answers the event was refused: ${codeOf(outcome)}`);
    case 'constraint_violated':
      throw new Error(`the command that answers the event violates ${outcome.constraint}`);
    case 'conflicting_repeat':
      throw new Error('the command that answers the event was sent before with other events');
  }
}

type Outcome =
  | Exclude<Handled<string>, { readonly outcome: 'accepted' }>
  | Exclude<AppendOutcome, { readonly outcome: 'appended' | 'already_done' }>
  | { readonly outcome: 'accepted' | 'appended' | 'already_done' };
