/** The contents of the application's responses, known to client and server. */

const MOST_OCTETS = 6_000;

/** Text of 0 to 6,000 bytes, different for each number. */
export function contentOf(number: number): Buffer {
  const length = (number * 2_654_435_761) % MOST_OCTETS;
  return Buffer.alloc(length, `${number} of many contents; `);
}

/** The length of `/large`: more than the buffers of the sockets take. */
export const LARGE_OCTETS = 16 * 2 ** 20;
