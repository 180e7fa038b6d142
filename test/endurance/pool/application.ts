/**
 * The application under load: texts, echoes, slow responses, responses in pieces. Each response names its worker, so the client
 * knows which worker holds the connection.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import { files } from '../../../src/files/index.ts';
import { type FetchFunction, Response } from '../../../src/index.ts';
import { contentOf, LARGE_OCTETS } from './contents.ts';

/** Long enough to be in progress when a worker is changed, and far shorter than the grace. */
const SLOW_MS = 300;
const PIECES = 6;
const BETWEEN_PIECES_MS = 50;

const headers = { 'X-Worker': `${process.pid}.${threadId}` };
const LARGE = Buffer.alloc(LARGE_OCTETS, 'large ');
const docs = files(fileURLToPath(new URL('../../../../docs/', import.meta.url)));
const contents = new Map<string, Buffer>();

function contentFor(number: string): Buffer {
  const held = contents.get(number);
  if (held !== undefined) return held;
  const content = contentOf(Number(number));
  contents.set(number, content);
  return content;
}

function inPieces(content: Buffer): ReadableStream<Uint8Array> {
  const size = Math.ceil(content.length / PIECES);
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      if (at >= content.length) return controller.close();
      await sleep(BETWEEN_PIECES_MS);
      controller.enqueue(new Uint8Array(content.subarray(at, at + size)));
      at += size;
    },
  });
}

const application: FetchFunction = async (request, ctx) => {
  const [, kind = '', number = ''] = new URL(request.url).pathname.split('/');
  if (kind === 'text') return new Response(contentFor(number), { headers });
  if (kind === 'echo') return new Response(await request.arrayBuffer(), { headers });
  if (kind === 'stream') return new Response(inPieces(contentFor(number)), { headers });
  if (kind === 'slow') {
    await sleep(SLOW_MS);
    return new Response(contentFor(number), { headers });
  }
  if (kind === 'json') return Response.json({ received: await request.json() }, { headers });
  if (kind === 'large') return new Response(LARGE, { headers });
  if (kind === 'handles') return Response.json(process.getActiveResourcesInfo(), { headers });
  return docs(request, ctx, ctx);
};

export default application;
