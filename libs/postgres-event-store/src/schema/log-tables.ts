const schemaPattern = /^[a-z_][a-z0-9_]{0,62}$/;

/** Schema-qualified names, so that no statement depends on `search_path`. */
export class LogTables {
  readonly schema: string;
  readonly logHead: string;
  readonly events: string;
  readonly eventFeed: string;
  readonly commandSeen: string;
  readonly inbox: string;
  readonly relayCheckpoint: string;
  readonly consumed: string;
  readonly parkedEvent: string;
  readonly discardProposal: string;
  readonly consumedHead: string;
  readonly consumptionHalt: string;
  readonly passedOver: string;
  readonly acceptedCut: string;
  readonly snapshots: string;
  readonly writerLease: string;
  readonly lease: string;
  readonly advanceHead: string;
  readonly refuseChange: string;

  constructor(schema: string) {
    if (!schemaPattern.test(schema)) {
      throw new TypeError(`schema name "${schema}" does not match ${schemaPattern}`);
    }
    this.schema = schema;
    this.logHead = `${schema}.log_head`;
    this.events = `${schema}.events`;
    this.eventFeed = `${schema}.event_feed`;
    this.commandSeen = `${schema}.command_seen`;
    this.inbox = `${schema}.inbox`;
    this.relayCheckpoint = `${schema}.relay_checkpoint`;
    this.consumed = `${schema}.consumed`;
    this.parkedEvent = `${schema}.parked_event`;
    this.discardProposal = `${schema}.discard_proposal`;
    this.consumedHead = `${schema}.consumed_head`;
    this.consumptionHalt = `${schema}.consumption_halt`;
    this.passedOver = `${schema}.passed_over`;
    this.acceptedCut = `${schema}.accepted_cut`;
    this.snapshots = `${schema}.snapshots`;
    this.writerLease = `${schema}.writer_lease`;
    this.lease = `${schema}.lease`;
    this.advanceHead = `${schema}.event_log_advance_head`;
    this.refuseChange = `${schema}.event_log_refuse_change`;
  }
}

/** The columns of an event in the order of its canonical bytes, then the proof columns. */
export const eventColumns =
  'position, stream_id, stream_version, event_id, command_id, type, schema_version, occurred_at, ' +
  'effective_at, recorded_at, metadata, data, chain_hash, head_signature';
