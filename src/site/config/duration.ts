const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** The longest timeout of a timer. */
const MAX_MS = 2 ** 31 - 1;

/**
 * Reads `65`, `65s`, `500ms`, `1.5m` or `2h` as milliseconds. Without a unit it is seconds.
 *
 * @returns `undefined` for any other text, and for more than a timer can wait (24 days).
 */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit = 's'] = /^(\d{1,10}(?:\.\d{1,3})?) ?(ms|s|m|h)?$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const milliseconds = Math.round(Number(digits) * UNITS[unit]!);
  return milliseconds <= MAX_MS ? milliseconds : undefined;
}
