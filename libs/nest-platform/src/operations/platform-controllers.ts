import type { Type } from '@nestjs/common';
import { DevelopmentTokensController } from './development-tokens.controller.js';
import { DocsController, RootController } from './docs.controller.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { ParkedStreamsController } from './parked-streams.controller.js';

/** The routes that every service has. */
export function platformControllers(authMode: 'development' | 'oidc'): readonly Type[] {
  return [
    HealthController,
    MetricsController,
    ParkedStreamsController,
    DocsController,
    RootController,
    ...(authMode === 'development' ? [DevelopmentTokensController] : []),
  ];
}
