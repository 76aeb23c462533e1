import { Inject, Injectable } from '@nestjs/common';
import type { ViolationDetails } from '@specie/event-sourcing';
import { DataSource } from 'typeorm';
import { EligibilityDirectory, type EligibleAction } from './eligibility.js';
import { ownIneligibility } from './ineligibility.js';

export interface OwnEligibility {
  readonly eligible: boolean;
  /** Why not, for the party itself. */
  readonly ineligibility?: ViolationDetails;
}

/** What the local copy of compliance says; no copy means no. */
@Injectable()
export class EligibilityQuery {
  private readonly directory: EligibilityDirectory;
  private readonly dataSource: DataSource;

  constructor(
    @Inject(EligibilityDirectory) directory: EligibilityDirectory,
    @Inject(DataSource) dataSource: DataSource,
  ) {
    this.directory = directory;
    this.dataSource = dataSource;
  }

  /** As `may`, for the party that asks: the refusal can say why. */
  async own(partyId: string, action: EligibleAction, at: string): Promise<OwnEligibility> {
    const standings = await this.directory.standings(this.dataSource, [partyId], action, at);
    const details = ownIneligibility(standings.get(partyId) ?? 'unknown', action);
    return details ? { eligible: false, ineligibility: details } : { eligible: true };
  }

  async may(partyId: string, action: EligibleAction, at: string): Promise<boolean> {
    return (await this.directory.check(this.dataSource, partyId, action, at)) === 'eligible';
  }
}
