/** HTTP-date (RFC 9110 §5.6.7): serialized in the preferred format, parsed in all three. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const twoDigits = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/**
 * IMF-fixdate, the only format that a sender may generate: `Sun, 06 Nov 1994 08:49:37 GMT`.
 *
 * @param milliseconds since 1970-01-01T00:00:00Z; a fraction of a second is dropped.
 */
export function serializeHttpDate(milliseconds: number): string {
  const date = new Date(milliseconds);
  const day = `${DAYS[date.getUTCDay()]}, ${twoDigits(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]}`;
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(twoDigits).join(':');
  return `${day} ${year} ${time} GMT`;
}

// Each part of these patterns has a fixed length, so they can't backtrack. Dates are case-sensitive (RFC 9110 §5.6.7).
const DAY = '(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)';
const LONG_DAY = '(?:Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday)';
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';
const IMF_FIXDATE = new RegExp(`^${DAY}, (?<day>\\d\\d) (?<month>\\w{3}) (?<year>\\d{4}) ${TIME} GMT$`);
const RFC850_DATE = new RegExp(`^${LONG_DAY}, (?<day>\\d\\d)-(?<month>\\w{3})-(?<year>\\d\\d) ${TIME} GMT$`);
const ASCTIME_DATE = new RegExp(`^${DAY} (?<month>\\w{3}) (?<day>\\d\\d| \\d) ${TIME} (?<year>\\d{4})$`);

/**
 * Parses an HTTP-date. A recipient MUST accept all three formats (RFC 9110 §5.6.7).
 *
 * The name of the weekday has to be valid but is not compared with the date: if they differ, either may be wrong.
 *
 * @param now in milliseconds since 1970-01-01T00:00:00Z: the century of a two-digit year depends on it.
 * @returns milliseconds since 1970-01-01T00:00:00Z, or `undefined` if the text is not a date. 31 February is not one.
 */
export function parseHttpDate(value: string, now: number): number | undefined {
  const parts = (IMF_FIXDATE.exec(value) ?? RFC850_DATE.exec(value) ?? ASCTIME_DATE.exec(value))?.groups;
  if (parts === undefined) return undefined;
  const { day = '', month = '', year = '', hour = '', minute = '', second = '' } = parts;
  const inYear = (fullYear: number): number | undefined =>
    timestamp([fullYear, MONTHS.indexOf(month), Number(day)], [Number(hour), Number(minute), Number(second)]);
  if (year.length === 4) return inYear(Number(year));
  return inYear(fullYearOf(Number(year), inYear, now));
}

/**
 * RFC 9110 §5.6.7: a date that appears to be more than 50 years in the future is in the most recent past year with the
 * same last two digits. So the result is the last such year that is not more than 50 years ahead.
 */
function fullYearOf(twoDigitYear: number, inYear: (year: number) => number | undefined, now: number): number {
  const horizon = new Date(now);
  horizon.setUTCFullYear(horizon.getUTCFullYear() + 50);
  const lastYear = horizon.getUTCFullYear();
  const year = lastYear - ((lastYear - twoDigitYear) % 100);
  return (inYear(year) ?? 0) > horizon.getTime() ? year - 100 : year;
}

function timestamp(
  [year, month, day]: readonly [number, number, number],
  [hour, minute, second]: readonly [number, number, number],
): number | undefined {
  // RFC 9110 §5.6.7: 00:00:00 to 23:59:60, where second 60 is a leap second.
  if (month < 0 || hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  // Not Date.UTC(), which maps the years 0 to 99 to 1900 to 1999.
  date.setUTCFullYear(year, month, day);
  // A day that the month does not have moves the date into the next month.
  if (date.getUTCMonth() !== month) return undefined;
  return date.setUTCHours(hour, minute, second);
}
