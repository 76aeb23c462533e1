import type * as audit from './audit/index.js';
import type * as compliance from './compliance/index.js';
import type * as deals from './deals/index.js';
import type { EventOf } from './define-event.js';
import type * as issuance from './issuance/index.js';
import type * as market from './market/index.js';
import type * as metering from './metering/index.js';

/** Every event of a service's log, as a union to be complete about. */
export type ComplianceEvent = EventOf<(typeof compliance)[keyof typeof compliance]>;
export type IssuanceEvent = EventOf<(typeof issuance)[keyof typeof issuance]>;
export type DealsEvent = EventOf<(typeof deals)[keyof typeof deals]>;
export type MarketEvent = EventOf<(typeof market)[keyof typeof market]>;
export type MeteringEvent = EventOf<(typeof metering)[keyof typeof metering]>;
export type AuditEvent = EventOf<(typeof audit)[keyof typeof audit]>;
