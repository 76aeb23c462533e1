import { codeOf } from '@specie/event-sourcing';
import { contentOf, keyOf, namesSomething } from './chosen-ids.js';
import type { EarlierUse, ShardCommand } from './shard.commands.js';
import type { ShardDecision } from './shard-rejections.js';
import type { PlaceOrderRejection } from './order-rejections.js';

/** What a command made of its id; null where it recorded nothing under it. */
export function firstUse(
  command: ShardCommand,
  decision: ShardDecision,
): { readonly key: string; readonly use: EarlierUse } | null {
  const key = keyOf(command);
  if (key === null || !namesSomething(command) || !decision.events?.length) {
    return null;
  }
  // Of refusals only those of orders are recorded.
  const refusal =
    decision.outcome === 'rejected' ? (codeOf(decision) as PlaceOrderRejection) : null;
  return { key, use: { content: contentOf(command), refusal } };
}
