import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EligibilityDirectory, type EligibleAction } from './eligibility.js';

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

  async may(partyId: string, action: EligibleAction, at: string): Promise<boolean> {
    return (await this.directory.check(this.dataSource, partyId, action, at)) === 'eligible';
  }
}
