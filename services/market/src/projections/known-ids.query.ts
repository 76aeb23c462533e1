import type { DataSource } from 'typeorm';
import type { KnownIds } from '../writer/shard-writer.js';

/** Finds ids that the log already holds, whatever they name: ids are never used twice, not even for another thing. */
export function knownIdsIn(dataSource: DataSource): KnownIds {
  return async (ids) => {
    const rows = await dataSource.query<{ readonly id: string }[]>(
      `select order_id as id from orders where order_id = any($1::uuid[])
       union all select order_id from refused_orders where order_id = any($1::uuid[])
       union all select movement_id from cash_movements where movement_id = any($1::uuid[])
       union all select escrow_id from token_deposits where escrow_id = any($1::uuid[])
       union all select withdrawal_id from withdrawals where withdrawal_id = any($1::uuid[])`,
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  };
}
