const millisecondsPerDay = 86_400_000;

/** A calendar day (UTC) as a count of days, so that ranges are integer arithmetic: "1970-01-02" is 1. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00.000Z`) / millisecondsPerDay;
}

export function dayText(dayCount: number): string {
  return new Date(dayCount * millisecondsPerDay).toISOString().slice(0, 10);
}

/** The UTC day of an instant. */
export function dayOf(instant: string): string {
  return instant.slice(0, 10);
}
