/** How long the issuer may take to answer a request for a hold before the reservation counts as overdue. */
export const holdAnswerMsMax = 60_000;
