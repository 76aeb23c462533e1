import type { EventServerStatus, Halt, ParkedStream, SpecieEventServer } from '@specie/event-bus';
import type { FailingSweep, Sweeps } from './sweeps.js';
import type { Transport } from './transport.js';
import type { WriterRole } from './writer-role.js';

/** How this instance stands: for health, metrics and whoever asks. */
export class ServiceStatus {
  readonly role: WriterRole;
  private readonly events: SpecieEventServer;
  private readonly relay: Transport['relay'];
  private readonly sweeps: Pick<Sweeps, 'failing'>;

  constructor(
    role: WriterRole,
    parts: {
      readonly events: SpecieEventServer;
      readonly relay: Transport['relay'];
      readonly sweeps: Pick<Sweeps, 'failing'>;
    },
  ) {
    this.role = role;
    this.events = parts.events;
    this.relay = parts.relay;
    this.sweeps = parts.sweeps;
  }

  consumption(): EventServerStatus {
    return this.events.consumptionStatus();
  }

  /** Sweeps whose last run failed. */
  failingSweeps(): readonly FailingSweep[] {
    return this.sweeps.failing();
  }

  /** The streams that wait for an operator; empty on an instance that does not consume. */
  parked(): Promise<readonly ParkedStream[]> {
    return this.events.parked();
  }

  /** The partitions that stand still because what arrived cannot be the log of its source. */
  halts(): Promise<readonly Halt[]> {
    return this.events.halts();
  }

  /** Events in the log that are not published yet; 0 where consumers read the log themselves. */
  relayLagEvents(): number {
    return this.relay?.status().lag ?? 0;
  }

  relayState(): string {
    return this.relay?.status().state ?? 'none';
  }
}
