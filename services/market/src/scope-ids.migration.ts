import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Parties choose the ids of their orders, withdrawals and escrow deposits, so an id names something only with its
 * owner. A deposit of cash is entered by the operator and named by its id alone. Refused orders keep what was asked
 * for, so that a repeat can be told from another order.
 */
export class ScopeIds1732038000000 implements MigrationInterface {
  readonly name = 'ScopeIds1732038000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table orders drop constraint orders_pkey, add primary key (order_id, party_id);
      alter table refused_orders
        drop constraint refused_orders_pkey,
        add primary key (order_id, party_id),
        add column side text,
        add column kind text,
        add column time_in_force text,
        add column price_ticks int,
        add column quantity_lots int;
      alter table cash_movements
        drop constraint cash_movements_pkey,
        add primary key (movement_id, kind, party_id);
      create unique index cash_deposits_once on cash_movements (movement_id) where kind = 'deposit';
      alter table token_deposits
        drop constraint token_deposits_pkey,
        add primary key (escrow_id, party_id, series_id);
      alter table withdrawals
        drop constraint withdrawals_pkey,
        add primary key (withdrawal_id, party_id);
    `);
  }

  /** @throws if an id names several things by now. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table withdrawals drop constraint withdrawals_pkey, add primary key (withdrawal_id);
      alter table token_deposits drop constraint token_deposits_pkey, add primary key (escrow_id);
      drop index cash_deposits_once;
      alter table cash_movements drop constraint cash_movements_pkey, add primary key (movement_id);
      alter table refused_orders
        drop constraint refused_orders_pkey,
        add primary key (order_id),
        drop column side,
        drop column kind,
        drop column time_in_force,
        drop column price_ticks,
        drop column quantity_lots;
      alter table orders drop constraint orders_pkey, add primary key (order_id);
    `);
  }
}
