import { Clock, derivedId, requireSettled, type Sweep } from '@specie/nest-platform';
import { PublishReferencePriceHandler } from './publish-reference-price.handler.js';
import { ReferencePriceQuery } from './reference-price.query.js';

/** Publishes the reference price of each series where it changed or became stale, at most once a minute. */
export const publishReferencePrices: Sweep = {
  name: 'market reference prices',
  everyMs: 5_000,
  isDue: async (injector) => {
    const due = await injector.get(ReferencePriceQuery, { strict: false }).due();
    return due.length > 0;
  },
  run: async (injector) => {
    const prices = injector.get(ReferencePriceQuery, { strict: false });
    const publishReferencePrice = injector.get(PublishReferencePriceHandler, { strict: false });
    const now = injector.get(Clock, { strict: false }).now();
    for (const window of await prices.due()) {
      // A window is measured once, so a second instance or run sends the same command.
      const commandId = derivedId('reference-price', window.seriesId, window.windowEndsAt);
      const causes = { correlationId: commandId, causationId: commandId };
      const context = { commandId, now, actor: 'service:market', ...causes };
      requireSettled(await publishReferencePrice.handle(window, context));
    }
  },
};
