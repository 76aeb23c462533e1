import type { Handled } from '@specie/event-sourcing';
import { z } from 'zod';
import { Conflict, Problem, Unavailable, Unprocessable, type ViolationLister } from './problem.js';
import { currentRequest } from './request-state.js';

/** The version of the stream that a thing is. */
export const streamVersion = z
  .int()
  .min(0)
  .meta({
    description: 'The version of the resource; it increases with every change.',
    examples: [3],
  });
/** What a write answers: what it made or changed, and the version of its stream. */
export const writeResponse = z.strictObject({
  id: z
    .uuid()
    .max(36)
    .meta({
      description: 'The created or changed resource. A UUID in lower case.',
      examples: ['0192d1a0-7b5e-7c3d-8e4f-000000000001'],
    }),
  streamVersion,
});
export type WriteResponse = z.output<typeof writeResponse>;

export interface AnswerOptions {
  /** Maps a database constraint of a read model to the rejection it stands for. */
  readonly constraints?: Readonly<Record<string, string>>;
}

/**
 * The body of an accepted command, or the problem of one that was not. A refusal is answered with the status that
 * `statuses` gives its code. Accepted answers are in wire form already and are sent as they were stored.
 */
export async function answerOf<T = WriteResponse, R extends string = string>(
  handling: Handled<R> | Promise<Handled<R>>,
  statuses: Readonly<Record<NoInfer<R>, number>>,
  options: AnswerOptions = {},
): Promise<T> {
  const handled = await handling;
  switch (handled.outcome) {
    case 'accepted': {
      const request = currentRequest();
      if (request) {
        request.wireAnswer = { body: handled.answer, repeated: handled.repeated };
      }
      return handled.answer as T;
    }
    case 'rejected':
      throw refusedWith(handled, statuses, currentRequest()?.violations);
    case 'conflicting_repeat':
      throw new Unprocessable('idempotency_key_reused');
    case 'fenced':
      throw new Unavailable('writer_unavailable');
    case 'contended':
      throw new Unavailable('contended');
    case 'constraint_violated': {
      const code = options.constraints?.[handled.constraint];
      if (code !== undefined && code in statuses) {
        throw new Problem(statuses[code as R], code);
      }
      throw new Conflict('conflicts_with_stored_state');
    }
  }
}

/** The problem that a refusal is answered with: that of the first violated rule, and what it says of the others. */
export function refusedWith<R extends string>(
  { violations, repeated }: Extract<Handled<R>, { readonly outcome: 'rejected' }>,
  statuses: Readonly<Record<R, number>>,
  list?: ViolationLister,
): Problem {
  const [{ code, details }, ...alsoViolated] = violations;
  return new Problem(statuses[code], code, {
    ...{ details, alsoViolated, repeated },
    violations: list?.(violations) ?? [],
  });
}
