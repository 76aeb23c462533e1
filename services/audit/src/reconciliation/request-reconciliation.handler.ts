import { Inject, Injectable } from '@nestjs/common';
import { CommandHandler, type CommandContext, type Handled } from '@specie/event-sourcing';
import { derivedId } from '@specie/nest-platform';
import { requestReconciliation, type RequestRejection } from './reconciliation.decider.js';
import { reconciliationStream } from './reconciliation.state.js';

/** Asks for a reconciliation; the services attest their state, and the report follows. */
@Injectable()
export class RequestReconciliationHandler {
  constructor(@Inject(CommandHandler) private readonly commands: CommandHandler) {}

  handle(
    command: { readonly requestId?: string | undefined },
    context: CommandContext,
  ): Promise<Handled<RequestRejection>> {
    const requestId = command.requestId ?? derivedId('reconciliation', context.commandId);
    return this.commands.handle({
      ...reconciliationStream(requestId),
      decide: (state) => requestReconciliation({ data: { requestId }, metadata: context }, state),
      context,
      answer: (streamVersion) => ({ id: requestId, streamVersion }),
    });
  }
}
