/** An application over TLS that says which worker and thread answers. Its data are a certificate and its key. */
import process from 'node:process';
import { threadId } from 'node:worker_threads';
import { serve } from '../../../src/index.ts';
import { workerData } from '../../../src/workers/index.ts';

const { port, cert, key } = workerData() as { port: number; cert: string; key: string };
const who = () => new Response(`${process.pid}.${threadId}`, { headers: { Connection: 'close' } });

serve(who, { hostname: '127.0.0.1', port, tls: { cert, key } });
