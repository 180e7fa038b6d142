/** The same application on `node:http`. Refusals include the reason. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, UNDERSTOOD } from './understood.ts';

export const NODE_CODE = 'x-node-code';

/** The responses of `node:http` without a listener for `clientError`. */
const STATUS_OF_CODE: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

export async function startNodeApplication(): Promise<{ port: number; stop: () => void }> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: target = '', rawHeaders } = request;
      const fields: [string, string][] = [];
      for (let i = 0; i < rawHeaders.length; i += 2) fields.push([rawHeaders[i]!, rawHeaders[i + 1]!]);
      response.setHeader(UNDERSTOOD, describe({ method, target, fields, content: Buffer.concat(chunks) }));
      response.setHeader('Content-Length', 0);
      response.end();
    });
  });
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    const status = STATUS_OF_CODE[error.code ?? ''] ?? '400 Bad Request';
    if (socket.writable)
      socket.end(`HTTP/1.1 ${status}\r\n${NODE_CODE}: ${error.code}\r\nConnection: close\r\n\r\n`);
    else socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { port: (server.address() as AddressInfo).port, stop };
}
