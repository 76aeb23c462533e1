import type {
  BookView,
  Command,
  LevelView,
  MatchingEvent,
  OrderView,
  Side,
  StateView,
  StpMode,
  TradeEvent,
} from '../../src/types.js';

/** What must hold after every command, told from the events and the views alone. */

interface Tracked {
  readonly side: Side;
  readonly account: number;
  readonly isQuote: boolean;
  readonly timeInForce: string;
  readonly postOnly: string;
  readonly stp: StpMode;
  price: number;
  quantity: number;
  cumQuantity: number;
}

export class InvariantChecker {
  private readonly tracked = new Map<number, Tracked>();
  /** Deposits less withdrawals per asset. */
  private readonly paidIn = new Map<number, bigint>();
  private readonly levelSequences = new Map<number, number>();
  private tradeId = 0;

  /** Throws at the first violation. */
  check(
    command: Command,
    events: readonly MatchingEvent[],
    before: StateView,
    after: StateView,
  ): void {
    checkRejection(events, before, after);
    this.checkHeadOfQueue(command, events, before);
    for (const event of events) this.follow(event, before);
    this.checkFillOrKill(command, events);
    for (const book of after.books) this.checkBook(book);
    this.checkMoney(after);
    this.checkOrderCounts(after);
  }

  private follow(event: MatchingEvent, before: StateView): void {
    switch (event.type) {
      case 'accepted':
        this.tracked.set(event.orderId, {
          side: event.side,
          account: event.account,
          isQuote: event.quoteAmount > 0,
          timeInForce: event.timeInForce,
          postOnly: event.postOnly,
          stp: event.stp,
          price: event.price,
          quantity: event.quantity,
          cumQuantity: 0,
        });
        break;
      case 'replaced': {
        const order = this.order(event.orderId);
        order.price = event.price;
        order.quantity = event.quantity;
        expect(event.cumQuantity === order.cumQuantity, 'replaced shows the filled quantity');
        expect(event.quantity === event.cumQuantity + event.leavesQuantity, 'replaced adds up');
        if (event.leavesQuantity === 0) this.tracked.delete(event.orderId);
        break;
      }
      case 'restated': {
        const order = this.order(event.orderId);
        expect(event.quantity < order.quantity, 'restated reduces');
        order.quantity = event.quantity;
        expect(event.quantity === event.cumQuantity + event.leavesQuantity, 'restated adds up');
        break;
      }
      case 'canceled': {
        const order = this.order(event.orderId);
        expect(event.cumQuantity === order.cumQuantity, 'canceled shows the filled quantity');
        const open = order.isQuote ? 0 : order.quantity - order.cumQuantity;
        expect(event.canceledQuantity === open, 'canceled takes all that was open');
        this.tracked.delete(event.orderId);
        break;
      }
      case 'trade':
        this.followTrade(event, before);
        break;
      case 'level': {
        const sequence = (this.levelSequences.get(event.book) ?? 0) + 1;
        expect(event.sequence === sequence, 'level sequence has no gaps');
        this.levelSequences.set(event.book, sequence);
        break;
      }
      case 'balance': {
        const paidIn = this.paidIn.get(event.asset) ?? 0n;
        this.paidIn.set(event.asset, paidIn + BigInt(event.change));
        break;
      }
      default:
        break;
    }
  }

  private followTrade(trade: TradeEvent, before: StateView): void {
    this.tradeId += 1;
    expect(trade.tradeId === this.tradeId, 'trade ids have no gaps');
    expect(trade.quantity > 0, 'a trade has a quantity');
    expect(trade.makerFee + trade.takerFee >= 0, 'no trade costs the venue money');
    const maker = this.order(trade.makerOrderId);
    const taker = this.order(trade.takerOrderId);
    expect(maker.side !== taker.side, 'a trade has two sides');
    const inAuction = trade.aggressorSide === 'none';
    if (!inAuction) {
      expect(trade.price === maker.price, "a trade is at the maker's price");
      expect(trade.aggressorSide === taker.side, 'the taker is the aggressor');
      expect(taker.postOnly === 'no', 'a post-only order never takes');
    }
    const group = (account: number) =>
      before.accounts.find((candidate) => candidate.account === account)?.ownerGroup;
    const own = group(maker.account) === group(taker.account);
    const prevented = inAuction
      ? taker.stp !== 'none' || maker.stp !== 'none'
      : taker.stp !== 'none';
    expect(!(own && prevented), 'no own trade is printed');

    maker.cumQuantity += trade.quantity;
    taker.cumQuantity += trade.quantity;
    expect(maker.cumQuantity === trade.makerCumQuantity, 'maker cumQuantity adds up');
    expect(taker.cumQuantity === trade.takerCumQuantity, 'taker cumQuantity adds up');
    expect(maker.quantity - maker.cumQuantity === trade.makerLeavesQuantity, 'maker leaves add up');
    if (taker.isQuote) expect(trade.takerLeavesQuantity === 0, 'a quote order has no leaves');
    else
      expect(
        taker.quantity - taker.cumQuantity === trade.takerLeavesQuantity,
        'taker leaves add up',
      );
    if (trade.makerLeavesQuantity === 0) this.tracked.delete(trade.makerOrderId);
    if (trade.takerLeavesQuantity === 0 && !taker.isQuote) this.tracked.delete(trade.takerOrderId);
  }

  /** FIFO: the first order a new order meets is the head of the best opposite level. */
  private checkHeadOfQueue(
    command: Command,
    events: readonly MatchingEvent[],
    before: StateView,
  ): void {
    if (command.kind !== 'new_order') return;
    const met = events.find(
      (event) => event.type === 'triggered' || event.type === 'trade' || event.type === 'prevented',
    );
    if (met === undefined || met.type === 'triggered') return;
    const book = before.books.find((candidate) => candidate.book === command.book);
    const best = command.side === 'buy' ? book?.asks[0] : book?.bids.at(-1);
    expect(
      best?.orders[0]?.orderId === met.makerOrderId,
      'the head of the best level trades first',
    );
  }

  private checkFillOrKill(command: Command, events: readonly MatchingEvent[]): void {
    if (command.kind !== 'new_order' || command.timeInForce !== 'fok') return;
    if (events[0]?.type !== 'accepted') return;
    const ownTrades = events.filter(
      (event) => event.type === 'trade' && event.takerOrderId === command.orderId,
    );
    const killed = events.some(
      (event) => event.type === 'canceled' && event.reason === 'fok_unfillable',
    );
    if (killed) expect(ownTrades.length === 0, 'a killed FOK has no trade');
    else expect(!this.tracked.has(command.orderId), 'a FOK that is not killed is filled');
  }

  private checkBook(book: BookView): void {
    const bestBid = book.bids.at(-1)?.price ?? 0;
    const bestAsk = book.asks[0]?.price ?? Number.MAX_SAFE_INTEGER;
    if (book.phase === 'continuous' || book.phase === 'limit_state')
      expect(bestBid < bestAsk, 'never crossed in continuous trading');
    for (const levels of [book.bids, book.asks, book.buyStops, book.sellStops])
      this.checkLadder(levels);
  }

  private checkLadder(levels: readonly LevelView[]): void {
    let previousPrice = -1;
    for (const level of levels) {
      expect(level.price > previousPrice, 'levels ascend');
      previousPrice = level.price;
      let previousPriority = 0;
      let visible = 0;
      for (const order of level.orders) {
        expect(order.priority > previousPriority, 'a level is first in first out');
        previousPriority = order.priority;
        visible += order.visibleQuantity;
        this.checkOrder(order);
      }
      expect(visible === level.quantity && visible > 0, 'a level shows what its orders show');
    }
  }

  private checkOrder(order: OrderView): void {
    const tracked = this.order(order.orderId);
    expect(order.quantity === order.cumQuantity + order.leavesQuantity, 'OrderQty = Cum + Leaves');
    expect(order.leavesQuantity > 0, 'a live order has leaves');
    expect(
      order.visibleQuantity > 0 && order.visibleQuantity <= order.leavesQuantity,
      'the visible part is between one lot and all leaves',
    );
    expect(
      tracked.quantity === order.quantity && tracked.cumQuantity === order.cumQuantity,
      'events and state agree on an order',
    );
  }

  private checkMoney(after: StateView): void {
    const assets = [0, ...after.books.map((book) => book.book)];
    for (const asset of assets) {
      let total = 0n;
      for (const account of after.accounts) {
        const balance =
          asset === 0 ? account.cash : account.tokens.find((token) => token.book === asset);
        if (balance === undefined) throw new Error('every account has every asset');
        expect(balance.available >= 0 && balance.reserved >= 0, 'no balance is negative');
        total += BigInt(balance.available) + BigInt(balance.reserved);
      }
      expect(total === (this.paidIn.get(asset) ?? 0n), 'money and tokens are conserved');
    }
  }

  /** Open orders, and what they reserve, per account. */
  private checkOrderCounts(after: StateView): void {
    const reserved = new Map<string, number>();
    const open = new Map<number, number>();
    const add = (account: number, asset: number, amount: number) => {
      const key = `${account}/${asset}`;
      reserved.set(key, (reserved.get(key) ?? 0) + amount);
    };
    for (const book of after.books)
      for (const ladder of ['bids', 'asks', 'buyStops', 'sellStops'] as const)
        for (const level of book[ladder])
          for (const order of level.orders) {
            const asset = ladder === 'bids' || ladder === 'buyStops' ? 0 : book.book;
            add(order.account, asset, order.leavesQuantity * order.reservedPerLot);
            open.set(order.account, (open.get(order.account) ?? 0) + 1);
          }
    let total = 0;
    for (const account of after.accounts) {
      const key = account.account;
      total += account.openOrders;
      expect(account.openOrders === (open.get(key) ?? 0), 'open orders are counted');
      expect(
        account.cash.reserved === (reserved.get(`${key}/0`) ?? 0),
        'orders back reserved cash',
      );
      for (const token of account.tokens)
        expect(
          token.reserved === (reserved.get(`${key}/${token.book}`) ?? 0),
          'orders back reserved tokens',
        );
    }
    expect(total === after.openOrders && total === this.tracked.size, 'live orders are counted');
  }

  private order(orderId: number): Tracked {
    const order = this.tracked.get(orderId);
    if (order === undefined) throw new Error(`event of an order that is not live: ${orderId}`);
    return order;
  }
}

function checkRejection(
  events: readonly MatchingEvent[],
  before: StateView,
  after: StateView,
): void {
  expect(after.commandSequence === before.commandSequence + 1, 'every command is counted');
  const refusals = events.filter((event) => event.type === 'rejected').length;
  expect(refusals === 0 || events.length === 1, 'a refusal is the only event');
}

function expect(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`broken: ${rule}`);
}
