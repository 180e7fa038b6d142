/** Checks a server's response over HTTP/2 before the load. */
import http2 from 'node:http2';
import type { Answer } from './answer.ts';
import { http2Fields, type RequestShape } from './request.ts';

const PATIENCE_MS = 15_000;

/** @throws {Error} unless a whole response comes back. */
export function askHttp2(url: string, shape: RequestShape): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // The certificate is of this run alone.
    const session = http2.connect(url, { rejectUnauthorized: false });
    const settle = (outcome: Answer | Error) => {
      clearTimeout(patience);
      session.destroy();
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    };
    const patience = setTimeout(
      () => settle(new Error(`no complete response within ${PATIENCE_MS} ms`)),
      PATIENCE_MS,
    );
    session.on('error', settle);
    const { method = 'GET', target = '/' } = shape;
    const request = session.request({
      ':method': method,
      ':path': target,
      ...Object.fromEntries(http2Fields(shape)),
    });
    request.on('error', settle);
    request.on('response', (headers) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const content = Buffer.concat(chunks);
        const received = Object.entries(headers).map(([name, value]): [string, string] => [
          name,
          String(value),
        ]);
        settle({
          status: Number(headers[':status']),
          fields: new Map(received),
          content,
          // Frames are many and of any size: what the content takes is close enough for large files.
          wireOctets: content.length,
        });
      });
    });
    request.end(shape.content);
  });
}
