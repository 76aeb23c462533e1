import { asBigint, asNumber } from '@specie/nest-platform';
import { EntitySchema } from 'typeorm';

/** bigint columns arrive as text. */
export interface BookRow {
  seriesId: string;
  currency: 'USD';
  makerFeeBps: number;
  takerFeeBps: number;
  minimumLots: number;
  maximumLots: number;
  openedAt: Date;
}
export const BookEntity = new EntitySchema<BookRow>({
  name: 'Book',
  tableName: 'books',
  columns: {
    seriesId: { name: 'series_id', type: 'uuid', primary: true },
    currency: { type: 'text' },
    makerFeeBps: { name: 'maker_fee_bps', type: 'int' },
    takerFeeBps: { name: 'taker_fee_bps', type: 'int' },
    minimumLots: { name: 'minimum_lots', type: 'int' },
    maximumLots: { name: 'maximum_lots', type: 'int' },
    openedAt: { name: 'opened_at', type: 'timestamptz' },
  },
});

export interface OrderRow {
  orderId: string;
  orderNumber: number;
  seriesId: string;
  partyId: string;
  side: 'buy' | 'sell';
  kind: 'limit' | 'market';
  timeInForce: 'GTC' | 'IOC' | 'FOK';
  priceTicks: number;
  quantityLots: number;
  filledLots: number;
  leavesLots: number;
  status: 'open' | 'filled' | 'cancelled';
  cancelReason: string | null;
  acceptedAt: Date;
}
export const OrderEntity = new EntitySchema<OrderRow>({
  name: 'Order',
  tableName: 'orders',
  columns: {
    orderId: { name: 'order_id', type: 'uuid', primary: true },
    orderNumber: { name: 'order_number', type: 'bigint', transformer: asNumber },
    seriesId: { name: 'series_id', type: 'uuid' },
    partyId: { name: 'party_id', type: 'uuid', primary: true },
    side: { type: 'text' },
    kind: { type: 'text' },
    timeInForce: { name: 'time_in_force', type: 'text' },
    priceTicks: { name: 'price_ticks', type: 'int' },
    quantityLots: { name: 'quantity_lots', type: 'int' },
    filledLots: { name: 'filled_lots', type: 'int' },
    leavesLots: { name: 'leaves_lots', type: 'int' },
    status: { type: 'text' },
    cancelReason: { name: 'cancel_reason', type: 'text', nullable: true },
    acceptedAt: { name: 'accepted_at', type: 'timestamptz' },
  },
});

/** What was asked for is null in orders that were refused before it was kept. */
export interface RefusedOrderRow {
  orderId: string;
  seriesId: string;
  partyId: string;
  reason: string;
  side: 'buy' | 'sell' | null;
  kind: 'limit' | 'market' | null;
  timeInForce: 'GTC' | 'IOC' | 'FOK' | null;
  priceTicks: number | null;
  quantityLots: number | null;
  refusedAt: Date;
}
export const RefusedOrderEntity = new EntitySchema<RefusedOrderRow>({
  name: 'RefusedOrder',
  tableName: 'refused_orders',
  columns: {
    orderId: { name: 'order_id', type: 'uuid', primary: true },
    seriesId: { name: 'series_id', type: 'uuid' },
    partyId: { name: 'party_id', type: 'uuid', primary: true },
    reason: { type: 'text' },
    side: { type: 'text', nullable: true },
    kind: { type: 'text', nullable: true },
    timeInForce: { name: 'time_in_force', type: 'text', nullable: true },
    priceTicks: { name: 'price_ticks', type: 'int', nullable: true },
    quantityLots: { name: 'quantity_lots', type: 'int', nullable: true },
    refusedAt: { name: 'refused_at', type: 'timestamptz' },
  },
});

export interface TradeRow {
  tradeId: string;
  tradeNumber: number;
  seriesId: string;
  makerOrderId: string;
  takerOrderId: string;
  takerSide: 'buy' | 'sell';
  buyerPartyId: string;
  sellerPartyId: string;
  priceTicks: number;
  quantityLots: number;
  notional: bigint;
  buyerFee: bigint;
  sellerFee: bigint;
  executedAt: Date;
}
export const TradeEntity = new EntitySchema<TradeRow>({
  name: 'Trade',
  tableName: 'trades',
  columns: {
    tradeId: { name: 'trade_id', type: 'uuid', primary: true },
    tradeNumber: { name: 'trade_number', type: 'bigint', transformer: asNumber },
    seriesId: { name: 'series_id', type: 'uuid' },
    makerOrderId: { name: 'maker_order_id', type: 'uuid' },
    takerOrderId: { name: 'taker_order_id', type: 'uuid' },
    takerSide: { name: 'taker_side', type: 'text' },
    buyerPartyId: { name: 'buyer_party_id', type: 'uuid' },
    sellerPartyId: { name: 'seller_party_id', type: 'uuid' },
    priceTicks: { name: 'price_ticks', type: 'int' },
    quantityLots: { name: 'quantity_lots', type: 'int' },
    notional: { type: 'bigint', transformer: asBigint },
    buyerFee: { name: 'buyer_fee', type: 'bigint', transformer: asBigint },
    sellerFee: { name: 'seller_fee', type: 'bigint', transformer: asBigint },
    executedAt: { name: 'executed_at', type: 'timestamptz' },
  },
});

export interface CashRow {
  partyId: string;
  available: bigint;
  reserved: bigint;
}
export const CashEntity = new EntitySchema<CashRow>({
  name: 'Cash',
  tableName: 'cash_balances',
  columns: {
    partyId: { name: 'party_id', type: 'uuid', primary: true },
    available: { type: 'bigint', transformer: asBigint },
    reserved: { type: 'bigint', transformer: asBigint },
  },
});

export interface TokensRow {
  seriesId: string;
  partyId: string;
  available: bigint;
  reserved: bigint;
}
export const TokensEntity = new EntitySchema<TokensRow>({
  name: 'Tokens',
  tableName: 'token_balances',
  columns: {
    seriesId: { name: 'series_id', type: 'uuid', primary: true },
    partyId: { name: 'party_id', type: 'uuid', primary: true },
    available: { type: 'bigint', transformer: asBigint },
    reserved: { type: 'bigint', transformer: asBigint },
  },
});

export interface FeesRow {
  currency: string;
  earned: bigint;
}
export const FeesEntity = new EntitySchema<FeesRow>({
  name: 'Fees',
  tableName: 'fees',
  columns: {
    currency: { type: 'text', primary: true },
    earned: { type: 'bigint', transformer: asBigint },
  },
});

export interface WithdrawalRow {
  withdrawalId: string;
  partyId: string;
  seriesId: string;
  quantity: bigint;
  status: 'requested' | 'completed' | 'reverted';
  reason: string | null;
  requestedAt: Date;
  endedAt: Date | null;
}
export const WithdrawalEntity = new EntitySchema<WithdrawalRow>({
  name: 'Withdrawal',
  tableName: 'withdrawals',
  columns: {
    withdrawalId: { name: 'withdrawal_id', type: 'uuid', primary: true },
    partyId: { name: 'party_id', type: 'uuid', primary: true },
    seriesId: { name: 'series_id', type: 'uuid' },
    quantity: { type: 'bigint', transformer: asBigint },
    status: { type: 'text' },
    reason: { type: 'text', nullable: true },
    requestedAt: { name: 'requested_at', type: 'timestamptz' },
    endedAt: { name: 'ended_at', type: 'timestamptz', nullable: true },
  },
});

export const marketEntities = [
  BookEntity,
  OrderEntity,
  RefusedOrderEntity,
  TradeEntity,
  CashEntity,
  TokensEntity,
  FeesEntity,
  WithdrawalEntity,
] as readonly EntitySchema[];
