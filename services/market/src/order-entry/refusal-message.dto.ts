import type { Handled } from '@specie/event-sourcing';
import { platformRefusals, refusalText, type RefusalTexts } from '@specie/nest-platform';

/** Why a request was not carried out, as its sender receives it. */
export interface RefusalMessage {
  readonly code: string;
  /** What to do about it. */
  readonly detail: string;
  /** The numbers and the FIX reason behind it. */
  readonly details?: Readonly<Record<string, string | number>>;
}

/** The refusal of a command that was not accepted. */
export function refusalOf(
  handled: Exclude<Handled, { readonly outcome: 'accepted' }>,
  texts: RefusalTexts,
): RefusalMessage {
  switch (handled.outcome) {
    case 'rejected': {
      const [{ code, details = {} }] = handled.violations;
      return refusal(code, texts, details);
    }
    case 'conflicting_repeat':
    case 'constraint_violated':
      return refusal('conflicts_with_stored_state', texts);
    case 'fenced':
      return refusal('writer_unavailable', texts);
    case 'contended':
      return refusal('contended', texts);
  }
}

export function refusal(
  code: string,
  texts: RefusalTexts,
  details: Readonly<Record<string, string | number>> = {},
): RefusalMessage {
  const text = texts[code] ?? platformRefusals[code as keyof typeof platformRefusals] ?? [];
  return {
    code,
    detail: refusalText(text, details).detail ?? '',
    ...(Object.keys(details).length > 0 ? { details } : {}),
  };
}
