/** Sends the same scripts of frames to Serval and to `node:http2`, and reports differences that are not in the reviewed list. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Response, serve } from '../../../src/index.ts';
import { type DifferentialOutcome, findDisagreements } from '../disagreements.ts';
import type { ServerOptions } from '../server-campaign.ts';
import { describe, UNDERSTOOD } from '../understood.ts';
import { converse, type Http2Outcome } from './conversation.ts';
import { http2DisagreementOf } from './disagreement.ts';
import { HTTP2_DISAGREEMENTS } from './known-disagreements.ts';
import { NodeHttp2Process } from './node-process.ts';
import { HTTP2_VOCABULARY, octetsOf } from './script.ts';

const LONG_SILENCE_MS = 1_000;
export const NODE_ENDS = 'the process of node ends';

export async function fuzzHttp2Differentially(options: ServerOptions): Promise<DifferentialOutcome> {
  const serval = serve(understand);
  const { port } = (await serval.listen({ hostname: '127.0.0.1', port: 0 })).address;
  await using node = new NodeHttp2Process();
  const askNode = async (octets: Uint8Array, silence?: number): Promise<Http2Outcome | undefined> => {
    const { ends } = node;
    const theirs = await converse(await node.port(), octets, silence);
    // The process may end a moment after the connection.
    if (theirs.connection === 'closed') await sleep(5);
    return node.ends === ends ? theirs : undefined;
  };
  let turn: Promise<unknown> = Promise.resolve();
  const classOf = async (script: Buffer): Promise<string | undefined> => {
    const octets = octetsOf(script);
    let ours = await converse(port, octets);
    let theirs = await askNode(octets);
    if (theirs === undefined || (ours.connection === 'waits') !== (theirs.connection === 'waits')) {
      // Another script may have ended the process, or the machine is slow: the script is sent again, alone and with more time.
      const alone = turn.then(async () => {
        ours = await converse(port, octets, LONG_SILENCE_MS);
        return askNode(octets, LONG_SILENCE_MS);
      });
      turn = alone;
      theirs = await alone;
    }
    return theirs === undefined ? NODE_ENDS : http2DisagreementOf(ours, theirs, octets);
  };
  const comparison = {
    name: 'http2-differential',
    vocabulary: HTTP2_VOCABULARY,
    known: HTTP2_DISAGREEMENTS,
    examples: HTTP2_DISAGREEMENTS.map(({ example }) => Buffer.from(example, 'hex')),
    classOf,
    show: (example: Buffer) => example.toString('hex'),
    attempts: 300,
  };
  try {
    return await findDisagreements(comparison, options);
  } finally {
    serval.closed.catch(() => {});
    serval.destroy();
  }
}

async function understand(request: Request): Promise<Response> {
  const content = new Uint8Array(await request.arrayBuffer());
  const { pathname, search } = new URL(request.url);
  const fields = [...request.headers].filter(([name]) => name !== 'host');
  const understood = describe({ method: request.method, target: pathname + search, fields, content });
  return new Response(null, { headers: { [UNDERSTOOD]: understood } });
}
