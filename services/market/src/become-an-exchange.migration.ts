import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Books have the terms of the matching core, and orders what its kinds of orders ask for. */
export class BecomeAnExchange1732077000000 implements MigrationInterface {
  readonly name = 'BecomeAnExchange1732077000000';

  async up(runner: QueryRunner): Promise<void> {
    const rareTerms = `
        add column client_order_id text,
        add column quote_amount bigint,
        add column display_lots int,
        add column stop_price_ticks int,
        add column expires_at timestamptz,
        add column self_trade_prevention text,
        add column post_only text,
        add column oco_order_id uuid`;
    await runner.query(`
      alter table books
        add column maker_fee_ppm int,
        add column taker_fee_ppm int,
        add column auction_fee_ppm int,
        add column price_step_ticks int not null default 1,
        add column minimum_price_ticks int not null default 1,
        add column maximum_price_ticks int not null default 1048574,
        add column lot_step int not null default 1,
        add column minimum_notional bigint not null default 0,
        add column maximum_notional bigint not null default 2251799813685247,
        add column protection_ticks int not null default 0,
        add column reduce_keeps_priority boolean not null default true,
        add column self_trade_allowed boolean not null default false,
        add column reference_follows_trades boolean not null default true,
        add column phase text not null default 'continuous';
      update books set maker_fee_ppm = maker_fee_bps * 100, taker_fee_ppm = taker_fee_bps * 100,
                       auction_fee_ppm = taker_fee_bps * 100;
      alter table books
        alter column maker_fee_ppm set not null,
        alter column taker_fee_ppm set not null,
        alter column auction_fee_ppm set not null,
        alter column price_step_ticks drop default,
        alter column minimum_price_ticks drop default,
        alter column maximum_price_ticks drop default,
        alter column lot_step drop default,
        alter column minimum_notional drop default,
        alter column maximum_notional drop default,
        alter column protection_ticks drop default,
        alter column reduce_keeps_priority drop default,
        alter column self_trade_allowed drop default,
        alter column reference_follows_trades drop default,
        alter column phase drop default,
        drop column maker_fee_bps,
        drop column taker_fee_bps;
      alter table orders ${rareTerms},
        add column filled_notional bigint not null default 0,
        add column visible_lots int,
        add column is_pending boolean not null default false,
        add column asked_price_ticks int,
        add column asked_quantity_lots int,
        add column asked_stop_price_ticks int,
        drop constraint orders_check,
        add constraint orders_quantity_check
          check (quote_amount is not null or filled_lots + leaves_lots <= quantity_lots);
      update orders set visible_lots = leaves_lots;
      update orders set filled_notional = coalesce(
        (select sum(notional) from trades
          where (maker_order_id, case taker_side when 'buy' then seller_party_id else buyer_party_id end)
                = (orders.order_id, orders.party_id)
             or (taker_order_id, case taker_side when 'buy' then buyer_party_id else seller_party_id end)
                = (orders.order_id, orders.party_id)), 0)
        where filled_lots > 0;
      alter table orders
        alter column filled_notional drop default,
        alter column is_pending drop default,
        alter column visible_lots set not null;
      alter table refused_orders ${rareTerms};
      create index orders_of_client on orders (party_id, client_order_id, order_number desc)
        where client_order_id is not null;
      create index refused_orders_of_client on refused_orders (party_id, client_order_id)
        where client_order_id is not null;
      alter table trades add column execution text, drop constraint trades_check;
    `);
  }

  /** @throws if a fee is no whole number of basis points: the older column could not hold it. */
  async down(runner: QueryRunner): Promise<void> {
    const rareTerms = `
        drop column client_order_id,
        drop column quote_amount,
        drop column display_lots,
        drop column stop_price_ticks,
        drop column expires_at,
        drop column self_trade_prevention,
        drop column post_only,
        drop column oco_order_id`;
    await runner.query(`
      do $$ begin
        if exists (select from books where maker_fee_ppm % 100 <> 0 or taker_fee_ppm % 100 <> 0 or maker_fee_ppm < 0) then
          raise exception 'a fee is no whole number of basis points';
        end if;
      end $$;
      alter table trades drop column execution, add constraint trades_check check (buyer_party_id <> seller_party_id);
      alter table refused_orders ${rareTerms};
      alter table orders drop constraint orders_quantity_check;
      alter table orders ${rareTerms},
        drop column filled_notional,
        drop column visible_lots,
        drop column is_pending,
        drop column asked_price_ticks,
        drop column asked_quantity_lots,
        drop column asked_stop_price_ticks,
        add constraint orders_check check (filled_lots + leaves_lots <= quantity_lots);
      alter table books add column maker_fee_bps int, add column taker_fee_bps int;
      update books set maker_fee_bps = maker_fee_ppm / 100, taker_fee_bps = taker_fee_ppm / 100;
      alter table books
        alter column maker_fee_bps set not null,
        alter column taker_fee_bps set not null,
        drop column maker_fee_ppm,
        drop column taker_fee_ppm,
        drop column auction_fee_ppm,
        drop column price_step_ticks,
        drop column minimum_price_ticks,
        drop column maximum_price_ticks,
        drop column lot_step,
        drop column minimum_notional,
        drop column maximum_notional,
        drop column protection_ticks,
        drop column reduce_keeps_priority,
        drop column self_trade_allowed,
        drop column reference_follows_trades,
        drop column phase;
    `);
  }
}
