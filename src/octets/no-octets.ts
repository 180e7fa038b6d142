/** An empty piece. All code shares it, so its buffer must never reach an application, which could transfer it elsewhere. */
export const NO_OCTETS: Uint8Array = new Uint8Array(0);
