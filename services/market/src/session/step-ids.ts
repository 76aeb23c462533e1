import { derivedId } from '@specie/contracts/ids';
import type { TradingPhase } from '../shard/shard.commands.js';
import type { PlannedChange } from './planned-changes.js';

/** A crossed book cannot trade before an auction uncrossed it. */
export const uncrossing = 'reopening_auction' satisfies TradingPhase;

/** The id of the command that carries out a planned change: the same in every process, and on every try. */
export function stepId(
  seriesId: string,
  { calendarVersion, atMs }: PlannedChange,
  to: TradingPhase,
): string {
  const planned = new Date(atMs).toISOString();
  return derivedId('calendar', seriesId, String(calendarVersion), planned, to);
}

/** The ids of the commands that a planned change can be carried out by. */
export function stepIds(seriesId: string, change: PlannedChange): readonly string[] {
  return [stepId(seriesId, change, change.to), stepId(seriesId, change, uncrossing)];
}
