/** The request that the end-to-end bench sends: 367 octets, eight field lines. */
import { requestFor } from '../end-to-end/request.ts';

const PORT = 20_000;

export const HEAD_OCTETS: Uint8Array = new Uint8Array(requestFor(PORT, {}));
