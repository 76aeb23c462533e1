import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The read models of the shard, written in the transaction of its events. Checks are the last word on S7. */
export class CreateReadModels1732000000000 implements MigrationInterface {
  readonly name = 'CreateReadModels1732000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table books (
        series_id uuid primary key,
        currency text not null,
        maker_fee_bps int not null,
        taker_fee_bps int not null,
        minimum_lots int not null,
        maximum_lots int not null,
        opened_at timestamptz not null
      );
      create table orders (
        order_id uuid primary key,
        order_number bigint not null unique,
        series_id uuid not null,
        party_id uuid not null,
        side text not null,
        kind text not null,
        time_in_force text not null,
        price_ticks int not null,
        quantity_lots int not null,
        filled_lots int not null check (filled_lots >= 0),
        leaves_lots int not null check (leaves_lots >= 0),
        reserved_per_lot bigint not null check (reserved_per_lot >= 0),
        status text not null check (status in ('open', 'filled', 'cancelled')),
        cancel_reason text,
        accepted_at timestamptz not null,
        check (filled_lots + leaves_lots <= quantity_lots),
        check ((status = 'open') = (leaves_lots > 0))
      );
      create index orders_open on orders (series_id, side, price_ticks) where status = 'open';
      create index orders_of_party on orders (party_id, order_number desc);
      create table refused_orders (
        order_id uuid primary key,
        series_id uuid not null,
        party_id uuid not null,
        reason text not null,
        refused_at timestamptz not null
      );
      create table trades (
        trade_id uuid primary key,
        trade_number bigint not null unique,
        series_id uuid not null,
        maker_order_id uuid not null,
        taker_order_id uuid not null,
        taker_side text not null,
        buyer_party_id uuid not null,
        seller_party_id uuid not null,
        price_ticks int not null,
        quantity_lots int not null,
        notional bigint not null,
        buyer_fee bigint not null,
        seller_fee bigint not null,
        executed_at timestamptz not null,
        check (buyer_party_id <> seller_party_id)
      );
      create index trades_of_series on trades (series_id, trade_number desc);
      create index trades_of_buyer on trades (buyer_party_id, trade_number desc);
      create index trades_of_seller on trades (seller_party_id, trade_number desc);
      create table cash_balances (
        party_id uuid primary key,
        available bigint not null check (available >= 0),
        reserved bigint not null check (reserved >= 0)
      );
      create table token_balances (
        series_id uuid not null,
        party_id uuid not null,
        available bigint not null check (available >= 0),
        reserved bigint not null check (reserved >= 0),
        primary key (series_id, party_id)
      );
      create index token_balances_of_party on token_balances (party_id);
      create table fees (
        currency text primary key,
        earned bigint not null check (earned >= 0)
      );
      create table cash_movements (
        movement_id uuid primary key,
        party_id uuid not null,
        kind text not null check (kind in ('deposit', 'withdrawal')),
        currency text not null,
        amount bigint not null check (amount > 0),
        moved_at timestamptz not null
      );
      create table token_deposits (
        escrow_id uuid primary key,
        party_id uuid not null,
        series_id uuid not null,
        quantity bigint not null,
        deposited_at timestamptz not null
      );
      create table withdrawals (
        withdrawal_id uuid primary key,
        party_id uuid not null,
        series_id uuid not null,
        quantity bigint not null check (quantity > 0),
        status text not null check (status in ('requested', 'completed', 'reverted')),
        reason text,
        requested_at timestamptz not null,
        ended_at timestamptz
      );
      create index withdrawals_waiting on withdrawals (requested_at) where status = 'requested';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table books, orders, refused_orders, trades, cash_balances, token_balances, fees, cash_movements, token_deposits, withdrawals',
    );
  }
}
