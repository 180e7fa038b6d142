/** HTTP-date (RFC 9110 §5.6.7): made in its one preferred form, and understood in all three. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const twoDigits = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/**
 * IMF-fixdate, the one form a sender may make: `Sun, 06 Nov 1994 08:49:37 GMT`.
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

// Each part of these has a fixed length, so there is nothing to backtrack into. All is case-sensitive (RFC 9110 §5.6.7).
const DAY = '(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)';
const LONG_DAY = '(?:Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday)';
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';
const IMF_FIXDATE = new RegExp(`^${DAY}, (?<day>\\d\\d) (?<month>\\w{3}) (?<year>\\d{4}) ${TIME} GMT$`);
const RFC850_DATE = new RegExp(`^${LONG_DAY}, (?<day>\\d\\d)-(?<month>\\w{3})-(?<year>\\d\\d) ${TIME} GMT$`);
const ASCTIME_DATE = new RegExp(`^${DAY} (?<month>\\w{3}) (?<day>\\d\\d| \\d) ${TIME} (?<year>\\d{4})$`);

/**
 * Reads an HTTP-date, of which a recipient MUST accept all three formats (RFC 9110 §5.6.7).
 *
 * The day of the week has to be one, and is not compared with the date: which of the two is wrong, nobody knows.
 *
 * @param now in milliseconds since 1970-01-01T00:00:00Z: the century of a two-digit year depends on it.
 * @returns milliseconds since 1970-01-01T00:00:00Z, or `undefined` for what is not a date, 31 February too.
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
 * RFC 9110 §5.6.7: what seems to be more than 50 years in the future is the most recent such year in the past. So of the
 * years that end in these two digits it is the last that is not that far ahead.
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
  // RFC 9110 §5.6.7: 00:00:00 to 23:59:60, the last for leap seconds.
  if (month < 0 || hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  // Not Date.UTC(), which takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month, day);
  // A day that the month has not got is in another month.
  if (date.getUTCMonth() !== month) return undefined;
  return date.setUTCHours(hour, minute, second);
}
