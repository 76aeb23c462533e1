import { Inject, Injectable } from '@nestjs/common';
import { DataSource, LessThan, MoreThan } from 'typeorm';
import type { PageStart } from '../provider/provider.query.js';
import {
  AccountEntity,
  HoldEntity,
  MovementEntity,
  type AccountRow,
  type HoldRow,
  type MovementRow,
} from '../projections/tables.js';

@Injectable()
export class AccountsQuery {
  private readonly dataSource: DataSource;

  constructor(@Inject(DataSource) dataSource: DataSource) {
    this.dataSource = dataSource;
  }

  account(accountId: string): Promise<AccountRow | null> {
    return this.dataSource.getRepository(AccountEntity).findOneBy({ accountId });
  }

  accounts(
    filter: { readonly partyId?: string; readonly seriesId?: string },
    { after, rowCount }: PageStart,
  ): Promise<readonly AccountRow[]> {
    return this.dataSource.getRepository(AccountEntity).find({
      where: { ...filter, ...(after === undefined ? {} : { accountId: MoreThan(after) }) },
      order: { accountId: 'ASC' },
      take: rowCount,
    });
  }

  holds(accountId: string, { after, rowCount }: PageStart): Promise<readonly HoldRow[]> {
    return this.dataSource.getRepository(HoldEntity).find({
      where: { accountId, ...(after === undefined ? {} : { holdId: MoreThan(after) }) },
      order: { holdId: 'ASC' },
      take: rowCount,
    });
  }

  /** The newest first. */
  movements(
    accountId: string,
    { before, rowCount }: { readonly before: number | undefined; readonly rowCount: number },
  ): Promise<readonly MovementRow[]> {
    return this.dataSource.getRepository(MovementEntity).find({
      where: { accountId, ...(before === undefined ? {} : { position: LessThan(before) }) },
      order: { position: 'DESC' },
      take: rowCount,
    });
  }

  /** The transfer, escrow deposit or mint of this party that has this id already. */
  earlier(
    { accountId, partyId }: { readonly accountId: string; readonly partyId: string },
    movement: 'transfer' | 'escrow' | 'mint',
    movementId: string,
  ): Promise<MovementRow | null> {
    return this.dataSource.getRepository(MovementEntity).findOneBy({
      ...{ accountId, movement, movementId, ownerPartyId: partyId },
      direction: movement === 'mint' ? 'received' : 'sent',
    });
  }

  /** Whether the account has burned for this capture: what a second delivery of it must not repeat. */
  hasBurned(accountId: string, captureId: string): Promise<boolean> {
    return this.dataSource
      .getRepository(MovementEntity)
      .existsBy({ accountId, movement: 'redemption', movementId: captureId });
  }
}
