import type { Json } from '../api-client.js';
import { auditEverything, type Audited } from './auditing.js';
import { issueAgainstCapacity, type Issued } from './capacity.js';
import type { Cast } from './cast.js';
import { fundTheStartup, type Funded } from './funding.js';
import { onboard } from './onboarding.js';
import { redeemUsage, type Redeemed } from './redemption.js';
import type { Stage } from './stage.js';
import { tradeOnTheMarket, type Traded } from './trading.js';

/** Everything the story led to. */
export interface StoryResult {
  readonly cast: Cast;
  readonly issued: Issued;
  readonly funded: Funded;
  readonly traded: Traded;
  readonly redeemed: Redeemed;
  readonly audited: Audited;
  /** The series after the story: minted and burned. */
  readonly series: Json;
  readonly accounts: readonly Json[];
  /** Seconds each part took, in order. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** Plays the whole story over REST as the roles involved. @throws if any step does not end as it must. */
export async function playStory(stage: Stage): Promise<StoryResult> {
  const seconds: Record<string, number> = {};
  const part = async <T>(name: string, title: string, play: () => Promise<T>): Promise<T> => {
    stage.say('');
    stage.say(title);
    const started = performance.now();
    const result = await play();
    seconds[name] = Math.round(performance.now() - started) / 1_000;
    return result;
  };
  await part('onboarding', 'Onboarding', () => onboard(stage));
  const issued = await part('capacity', 'Capacity and issue', () => issueAgainstCapacity(stage));
  const funded = await part('funding', 'Compute for equity', () => fundTheStartup(stage, issued));
  const traded = await part('trading', 'Secondary market', () => tradeOnTheMarket(stage, issued));
  const redeemed = await part('redemption', 'Metered redemption', () => redeemUsage(stage, issued));
  const audited = await part('audit', 'Audit', () => auditEverything(stage));
  const { api, cast } = stage;
  return {
    cast,
    issued,
    funded,
    traded,
    redeemed,
    audited,
    series: await api.get(cast.auditor, 'issuance', `/series/${issued.seriesId}`),
    accounts: await api.list(cast.auditor, 'issuance', `/accounts?seriesId=${issued.seriesId}`),
    seconds,
  };
}
