/** How long the issuer may take to answer a request for a hold before the reservation counts as overdue. */
const holdAnswerMsMax = 60_000;

/** A reservation that still waits for its hold and was requested before this instant is overdue. */
export function overdueBefore(now: string): Date {
  return new Date(Date.parse(now) - holdAnswerMsMax);
}

/** Whether the issuer has not answered for longer than it should. */
export function isHoldOverdue(
  { status, requestedAt }: { readonly status: string; readonly requestedAt: Date },
  now: string,
): boolean {
  return status === 'requested' && requestedAt < overdueBefore(now);
}
