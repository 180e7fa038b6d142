/** Makes a message that breaks something as short and as plain as can be, while it still breaks the same thing. */

/** So many attempts at most; each may look at the message from hundreds of sides. */
const MOST_ATTEMPTS = 4_000;

export async function minimise(
  message: Uint8Array,
  stillFails: (candidate: Buffer) => boolean | Promise<boolean>,
): Promise<Buffer> {
  let best: Buffer = Buffer.from(message);
  let attempts = 0;
  const attempt = async (candidate: Buffer): Promise<boolean> => {
    if (attempts++ >= MOST_ATTEMPTS || !(await stillFails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let size = best.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < best.length; ) {
      const isShorter = await attempt(Buffer.concat([best.subarray(0, at), best.subarray(at + size)]));
      if (!isShorter) at += size;
    }
  }
  // A letter for whatever need not be what it is.
  for (let at = 0; at < best.length; at++) {
    if (best[at] === 0x61) continue;
    const candidate = Buffer.from(best);
    candidate[at] = 0x61;
    await attempt(candidate);
  }
  return best;
}
