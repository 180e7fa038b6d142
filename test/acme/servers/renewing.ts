/** A server that renews its certificate as soon as it starts, as if it were time: to be killed meanwhile. */
import process from 'node:process';
import { AcmeCertificates } from '../../../src/acme/certificates.ts';
import { resolveAcme } from '../../../src/acme/options.ts';
import { Response, serve } from '../../../src/index.ts';
import { systemClock } from '../../../src/io/clock.ts';

const DAY = 86_400_000;
const { directory, ca, folder, names, httpPort, tlsPort } = JSON.parse(process.argv[2]!) as {
  directory: string;
  ca: string;
  folder: string;
  names: string[];
  httpPort: number;
  tlsPort: number;
};
const clock = { ...systemClock, date: () => Date.now() + 21 * DAY };
let told = 0;
const onCertificate = () => {
  // The first is the one from before.
  if (++told > 1) process.send?.('renewed');
};
const tls = new AcmeCertificates(resolveAcme({ names, directory, ca, folder, onCertificate }), clock);
const server = serve(() => new Response(), {
  hostname: '127.0.0.1',
  port: tlsPort,
  tls,
  redirectHttp: httpPort,
});
await server.ready;
process.send?.('begun');
