import type { EventServerStatus, Halt, ParkedStream, SpecieEventServer } from '@specie/event-bus';
import type { Transport } from './transport.js';
import type { WriterRole } from './writer-role.js';

/** How this instance stands: for health, metrics and whoever asks. */
export class ServiceStatus {
  readonly role: WriterRole;
  private readonly events: SpecieEventServer;
  private readonly relay: Transport['relay'];

  constructor(role: WriterRole, events: SpecieEventServer, relay: Transport['relay']) {
    this.role = role;
    this.events = events;
    this.relay = relay;
  }

  consumption(): EventServerStatus {
    return this.events.consumptionStatus();
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
