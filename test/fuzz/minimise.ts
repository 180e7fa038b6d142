/** Makes a message as short and plain as possible while it breaks the same invariant. */

/** Each attempt may run hundreds of checks. */
const MOST_ATTEMPTS = 4_000;

export async function minimise(
  message: Uint8Array,
  stillFails: (candidate: Buffer) => boolean | Promise<boolean>,
  mostAttempts = MOST_ATTEMPTS,
): Promise<Buffer> {
  let best: Buffer = Buffer.from(message);
  let attempts = 0;
  const attempt = async (candidate: Buffer): Promise<boolean> => {
    if (attempts++ >= mostAttempts || !(await stillFails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let size = best.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < best.length; ) {
      const isShorter = await attempt(Buffer.concat([best.subarray(0, at), best.subarray(at + size)]));
      if (!isShorter) at += size;
    }
  }
  // Replaces octets by a letter where their value does not matter.
  for (let at = 0; at < best.length; at++) {
    if (best[at] === 0x61) continue;
    const candidate = Buffer.from(best);
    candidate[at] = 0x61;
    await attempt(candidate);
  }
  return best;
}
