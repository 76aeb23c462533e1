import { Inject, Injectable } from '@nestjs/common';
import type { RejectionDetails } from '@specie/event-sourcing';
import { DataSource } from 'typeorm';
import { EligibilityDirectory, type EligibleAction } from './eligibility.js';
import { ownIneligibility } from './ineligibility.js';

export interface OwnEligibility {
  readonly eligible: boolean;
  readonly refusalDetails: { readonly party_ineligible?: RejectionDetails };
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

  /** As `may`, for the party that asks: a refusal with `party_ineligible` can say why. */
  async own(partyId: string, action: EligibleAction, at: string): Promise<OwnEligibility> {
    const standings = await this.directory.standings(this.dataSource, [partyId], action, at);
    const details = ownIneligibility(standings.get(partyId) ?? 'unknown', action);
    return {
      eligible: details === undefined,
      refusalDetails: details ? { party_ineligible: details } : {},
    };
  }

  async may(partyId: string, action: EligibleAction, at: string): Promise<boolean> {
    return (await this.directory.check(this.dataSource, partyId, action, at)) === 'eligible';
  }
}
