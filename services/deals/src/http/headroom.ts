import { streamIds } from '@specie/contracts';
import type { CommandHandler, Handled } from '@specie/event-sourcing';
import { answerOf, Problem, type WriteResponse } from '@specie/nest-platform';
import { companyAggregate, headroomOf, outstandingOf } from '../domain/company/index.js';
import { constraintRejections } from './rejection-status.js';

/** Refusals that the numbers of a share class explain. */
const aboutHeadroom: ReadonlySet<string> = new Set([
  'authorised_below_outstanding',
  'authorised_below_reserved',
  'authorised_exceeded',
]);

/** The answer of a command; a refusal for want of shares says how many there are. */
export async function answerWithHeadroom<R extends string>(
  handled: Handled<R>,
  statuses: Readonly<Record<R, number>>,
  of: {
    readonly commands: CommandHandler;
    readonly companyId: string;
    readonly classId: string;
    /** The field that asked for too much. */
    readonly path: string;
  },
): Promise<WriteResponse> {
  if (handled.outcome === 'rejected' && aboutHeadroom.has(handled.code)) {
    const { code, repeated } = handled;
    const { state } = await of.commands.load(streamIds.company(of.companyId), companyAggregate);
    const shareClass = state.status === 'registered' ? state.classes.get(of.classId) : undefined;
    if (shareClass) {
      const message =
        `Of ${shareClass.authorised} authorised shares ${outstandingOf(shareClass)} are outstanding and ` +
        `${shareClass.reserved} are reserved for deals; ${headroomOf(shareClass)} are free.`;
      const violations = [{ path: of.path, code: 'headroom', message }];
      throw new Problem(statuses[code], code, { violations, repeated });
    }
  }
  return answerOf(handled, statuses, { constraints: constraintRejections });
}
