import type { RefusalText } from '@specie/nest-platform';
import type { SetKillSwitchRejection } from '../shard/shard-rejections.js';

export const setKillSwitchStatus = {
  kill_switch_of_operator: 409,
} as const satisfies Record<SetKillSwitchRejection, number>;

/** What to do about each refusal. */
export const controlRefusals = {
  kill_switch_of_operator: [
    'An operator of the market engaged the kill switch of your party; ask the operator to release it.',
  ],
} satisfies Record<SetKillSwitchRejection, RefusalText>;
