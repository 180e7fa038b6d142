/** The application of a fuzzed server process: `startServer('../../fuzz/application')`. */
import * as serval from '../../src/index.ts';
import type { Fixture } from '../support/servers/launch.ts';
import { describe, UNDERSTOOD } from './understood.ts';

export interface ApplicationOptions {
  /** Whether every path answers with what was understood. Otherwise a few paths answer in other ways. */
  readonly onlyDescribes?: boolean;
}

export default function application({ onlyDescribes = false }: ApplicationOptions): Fixture {
  const fetch = async (request: Request, context: serval.ServerContext): Promise<Response> => {
    const head = context.receivedHead.replace(/^(?:\r\n)+/, '');
    const target = head.split(' ', 2)[1] ?? '';
    if (!onlyDescribes) {
      if (target === '/throw') throw new Error('thrown by the handler');
      if (target === '/unread') return new serval.Response('unread');
      if (target === '/echo') return new serval.Response(request.body);
      if (target === '/stream') return new serval.Response(streamOf('some', 'more', 'text'));
    }
    const content = new Uint8Array(await request.arrayBuffer());
    const fields = [...request.headers];
    const understood = describe({ method: request.method, target, fields, content });
    return new serval.Response(null, { headers: { [UNDERSTOOD]: understood } });
  };
  return { server: serval.serve(fetch, { hostname: '127.0.0.1', port: 0 }) };
}

function streamOf(...texts: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull(controller) {
      const text = texts.shift();
      if (text === undefined) controller.close();
      else controller.enqueue(encoder.encode(text));
    },
  });
}
