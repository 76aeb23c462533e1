import type { CommandContext, Handled, JsonValue } from '@specie/event-sourcing';
import { Problem, type CallerIdentity, type RefusalTexts } from '@specie/nest-platform';
import { z } from 'zod';
import type { CancelOrderHandler } from '../order/cancel-order.handler.js';
import type { MassCancelHandler } from '../order/mass-cancel.handler.js';
import { oneOrderResponse } from '../order/order.dto.js';
import type { OrderQuery } from '../order/order.query.js';
import type { PlaceOrderHandler } from '../order/place-order.handler.js';
import type { ReplaceOrderHandler } from '../order/replace-order.handler.js';
import type { DisconnectCancels } from './disconnect-cancels.adapter.js';
import type { OrderEntryRequest } from './order-entry.dto.js';
import { refusal, refusalOf, type RefusalMessage } from './refusal-message.dto.js';

export interface OrderEntryHandlers {
  readonly placeOrder: PlaceOrderHandler;
  readonly replaceOrder: ReplaceOrderHandler;
  readonly cancelOrder: CancelOrderHandler;
  readonly massCancel: MassCancelHandler;
  readonly orders: OrderQuery;
  readonly disconnectCancels: DisconnectCancels;
  readonly newContext: (actor: string) => CommandContext;
  readonly refusals: RefusalTexts;
}

/** What a request leads to: an answer, or why there is none. */
export type OrderEntryResult =
  { readonly answer: JsonValue } | { readonly refusal: RefusalMessage };

type Named = { readonly orderId?: string | undefined; readonly clientOrderId?: string | undefined };

/** Carries out the requests of order entry by the handlers that HTTP calls too. */
export class OrderEntryRequests {
  constructor(private readonly handlers: OrderEntryHandlers) {}

  async carryOut(request: OrderEntryRequest, caller: CallerIdentity): Promise<OrderEntryResult> {
    try {
      return await this.run(request, caller);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { refusal: refusal(error.code, this.handlers.refusals, error.details) };
    }
  }

  private async run(request: OrderEntryRequest, caller: CallerIdentity): Promise<OrderEntryResult> {
    const { placeOrder, replaceOrder, cancelOrder, massCancel, disconnectCancels } = this.handlers;
    const context = this.handlers.newContext(caller.partyId);
    switch (request.op) {
      case 'place':
        return this.resultOf(placeOrder.handle(request.order, context));
      case 'replace':
        return this.onOrder(request, caller, (orderId) =>
          this.resultOf(replaceOrder.handle({ orderId, ...request.change }, context)),
        );
      case 'cancel':
        return this.onOrder(request, caller, (orderId) =>
          this.resultOf(cancelOrder.handle({ orderId, partyId: caller.partyId }, context, caller)),
        );
      case 'cancel-all': {
        const { seriesId } = request;
        return this.resultOf(massCancel.handle({ partyId: caller.partyId, seriesId }, context));
      }
      case 'status':
        return this.onOrder(request, caller, async (orderId) => ({
          answer: z.encode(
            oneOrderResponse,
            await this.handlers.orders.one(orderId, caller.partyId, caller),
          ),
        }));
      case 'cancel-on-disconnect':
        await disconnectCancels.set(caller.partyId, request.enabled);
        return { answer: { enabled: request.enabled } };
      case 'ping':
        return { answer: { at: context.now } };
    }
  }

  /** Finds the order by the id that the client gave. */
  private async onOrder(
    { orderId, clientOrderId }: Named,
    { partyId }: CallerIdentity,
    run: (orderId: string) => Promise<OrderEntryResult>,
  ): Promise<OrderEntryResult> {
    if ((orderId === undefined) === (clientOrderId === undefined)) {
      return { refusal: refusal('order_not_named', this.handlers.refusals) };
    }
    const found =
      orderId ?? (await this.handlers.orders.idOf({ partyId, clientOrderId: clientOrderId ?? '' }));
    return found === null
      ? { refusal: refusal('order_unknown', this.handlers.refusals) }
      : run(found);
  }

  private async resultOf(handling: Promise<Handled>): Promise<OrderEntryResult> {
    const handled = await handling;
    return handled.outcome === 'accepted'
      ? { answer: handled.answer }
      : { refusal: refusalOf(handled, this.handlers.refusals) };
  }
}
