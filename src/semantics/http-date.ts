/** IMF-fixdate, the one form of HTTP-date a sender may make (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const twoDigits = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** @param milliseconds since 1970-01-01T00:00:00Z; a fraction of a second is dropped. */
export function serializeHttpDate(milliseconds: number): string {
  const date = new Date(milliseconds);
  const day = `${DAYS[date.getUTCDay()]}, ${twoDigits(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]}`;
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(twoDigits).join(':');
  return `${day} ${year} ${time} GMT`;
}
