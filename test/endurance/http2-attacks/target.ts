/** The server under attack, in a process of its own. Prints its port. */
import { serve } from '../../../src/index.ts';
import { ATTACKED_OPTIONS, attacked } from '../../conformance/attacks/http2/attack-target.ts';

const server = serve(attacked, { hostname: '127.0.0.1', port: 0, ...ATTACKED_OPTIONS });
await server.ready;
console.log(`port ${[...server][0]!.address.port}`);
