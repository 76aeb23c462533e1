import { AsyncLocalStorage } from 'node:async_hooks';
import { isDeepStrictEqual } from 'node:util';
import type { CommandContext } from '@specie/event-sourcing';
import { describe, expect, it } from 'vitest';
import { mergeSubjects, type ServiceApp, type ServiceDefinition } from '@specie/nest-platform';

/** How the previews of a service's handlers compared with what then happened. */
export interface Previews {
  /** How often each handler was previewed and run, by class name; 0 for one that was never called. */
  readonly counts: ReadonlyMap<string, number>;
  /** Where a preview answered something else than the run that followed on the same state. */
  readonly differences: readonly unknown[];
}

type Handle = (...args: readonly unknown[]) => Promise<unknown>;
interface Handler {
  handle: Handle;
}

/**
 * Lets every command handler of a service answer a dry run before each run, and compares both. Handlers run one after
 * another meanwhile, so that nothing happens in between.
 */
export function comparePreviews(definition: ServiceDefinition, { app }: ServiceApp): Previews {
  const counts = new Map<string, number>();
  const differences: unknown[] = [];
  const inside = new AsyncLocalStorage<true>();
  let queue: Promise<unknown> = Promise.resolve();
  for (const provider of mergeSubjects(definition.subjects).providers) {
    if (typeof provider !== 'function' || !provider.name.endsWith('Handler')) {
      continue;
    }
    const { name } = provider;
    const handler = app.get<Handler>(provider, { strict: false });
    const original = handler.handle.bind(handler);
    const previewAndRun: Handle = async (...args) => {
      const previewed = await ended(() => original(...args.map(asDryRun)));
      const handled = await ended(() => original(...args));
      if (isComparable(handled)) {
        counts.set(name, (counts.get(name) ?? 0) + 1);
        if (!isDeepStrictEqual(previewed, handled)) {
          differences.push({ name, previewed, handled });
        }
      }
      if ('error' in handled) throw handled.error;
      return handled.result;
    };
    counts.set(name, 0);
    handler.handle = (...args) => {
      if (inside.getStore()) return original(...args);
      const run = queue.then(() => inside.run(true, () => previewAndRun(...args)));
      queue = run.catch(() => undefined);
      return run;
    };
  }
  return { counts, differences };
}

type End = { readonly result: unknown } | { readonly error: unknown };

async function ended(run: () => Promise<unknown>): Promise<End> {
  try {
    return { result: await run() };
  } catch (error) {
    return { error };
  }
}

/** A repeat is answered by the log, and a lost race or a constraint is met by it: no preview can know them. */
function isComparable(end: End): boolean {
  if ('error' in end) return true;
  const { outcome, repeated } = end.result as { outcome?: string; repeated?: boolean };
  return (outcome === 'accepted' && repeated === false) || outcome === 'rejected';
}

function asDryRun(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asDryRun);
  if (isContext(value)) return { ...value, dryRun: true };
  if (isRecord(value) && isContext(value['context'])) {
    return { ...value, context: { ...value['context'], dryRun: true } };
  }
  return value;
}

function isContext(value: unknown): value is CommandContext {
  return isRecord(value) && 'commandId' in value && 'causationId' in value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** The end of a spec that has called every command of its service: each preview was right. */
export function describePreviews(previews: () => Previews): void {
  describe('The previews of its commands', () => {
    it('answered what then happened, for every command', () => {
      const { counts, differences } = previews();
      expect(differences).toEqual([]);
      expect([...counts].filter(([, count]) => count === 0)).toEqual([]);
    });
  });
}
