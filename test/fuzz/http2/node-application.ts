/** The fuzzed application on `node:http2`. */
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { describe, UNDERSTOOD } from '../understood.ts';

/** The types of Node 20 do not have the last one. */
type StreamEvent = [http2.ServerHttp2Stream, http2.IncomingHttpHeaders, number, string[]];

export async function startNodeHttp2Application(): Promise<{ port: number }> {
  const server = http2.createServer({ enableConnectProtocol: false } as http2.ServerOptions);
  server.on('session', (session) => session.on('error', () => {}));
  server.on('sessionError', () => {});
  server.on('stream', (...[stream, headers, , rawHeaders]: StreamEvent) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => {});
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      if (stream.destroyed || stream.headersSent) return;
      const fields: [string, string][] = [];
      for (let i = 0; i < rawHeaders.length; i += 2)
        if (!rawHeaders[i]!.startsWith(':')) fields.push([rawHeaders[i]!, rawHeaders[i + 1]!]);
      const method = headers[':method'] ?? '';
      const target = headers[':path'] ?? '';
      const understood = describe({ method, target, fields, content: Buffer.concat(chunks) });
      stream.respond({ ':status': 200, [UNDERSTOOD]: understood }, { endStream: true });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port };
}
