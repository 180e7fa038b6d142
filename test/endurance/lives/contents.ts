/** The contents that the application under load gives, known to both ends of the wire. */

const MOST_OCTETS = 6_000;

/** Text of 0 to 6,000 octets, none like another. */
export function contentOf(number: number): Buffer {
  const length = (number * 2_654_435_761) % MOST_OCTETS;
  return Buffer.alloc(length, `${number} of many contents; `);
}

/** What `/large` gives: more than what sockets take at once. */
export const LARGE_OCTETS = 16 * 2 ** 20;
