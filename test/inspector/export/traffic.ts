/** A server with an inspector that has seen exchanges of each kind, and the files that its page exports. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { Client } from '../../../src/client/index.ts';
import { Response, type Server, serve } from '../../../src/index.ts';
import { type Inspector, type InspectorOptions, inspector } from '../../../src/inspector/index.ts';
import { certificateAuthority } from '../../support/certificates.ts';
import { until } from '../../support/until.ts';

/** It is in a cookie, in a credential, in a query, and in content. */
export const SECRET = 'opensesame';
const BIG = 200_000;
const GZIPPED = gzipSync(`${SECRET} zipped`);

export interface Traffic extends AsyncDisposable {
  readonly server: Server;
  readonly inspected: Inspector;
  /** @param file `export.har`, for example, with a query. */
  download(file: string): Promise<{ readonly octets: Buffer; readonly disposition: string }>;
}

function answer(path: string, content: string): Response {
  const headers = { 'Set-Cookie': `id=${SECRET}; Path=/; HttpOnly`, 'Content-Type': 'text/plain' };
  switch (path.split('?')[0]) {
    case '/big':
      return new Response('b'.repeat(BIG), { headers });
    case '/gzip':
      return new Response(GZIPPED, { headers: { ...headers, 'Content-Encoding': 'gzip' } });
    case '/binary':
      return new Response(Uint8Array.of(0xff, 0xfe, 0));
    case '/moved':
      return new Response(null, { status: 303, headers: { Location: `/new?token=${SECRET}` } });
    case '/endless':
      // One piece, and never another.
      return new Response(
        new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(9)) }),
      );
    default:
      return new Response(`got ${content}`, { headers });
  }
}

/** @param secure over TLS. */
export async function trafficOf(options: InspectorOptions = {}, secure = false): Promise<Traffic> {
  const authority = secure ? certificateAuthority() : undefined;
  const { cert, key } = authority?.issue(['localhost']) ?? {};
  const server = serve(async (request, ctx) => answer(ctx.path, await request.text()), {
    ...{ port: 0, hostname: '127.0.0.1' },
    ...(cert !== undefined && { tls: { cert, key: key! } }),
  });
  await server.ready;
  const inspected = await inspector(server, options);
  const open = (): Socket =>
    authority === undefined
      ? connect(server.port!, '127.0.0.1')
      : connectTls({ port: server.port!, host: '127.0.0.1', servername: 'localhost', ca: authority.cert });
  const raw = async (octets: string): Promise<void> => {
    const socket = open();
    socket
      .on('error', () => {})
      .resume()
      .write(octets);
    await Promise.race([once(socket, 'end'), once(socket, 'close')]);
    socket.end();
  };
  const lookup = (_name: string, _options: unknown, callback: (...found: never[]) => void) =>
    callback(...([null, '127.0.0.1', 4] as unknown as never[]));
  await requestOverHttp1(raw);
  const leaving = open();
  leaving.on('error', () => {}).write('GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(leaving, 'data');
  leaving.destroy();
  const url = `${secure ? 'https' : 'http'}://localhost:${server.port}`;
  const tls = authority && { ca: authority.cert };
  await using client = new Client({ lookup: lookup as never, http2: 'prior-knowledge', ...(tls && { tls }) });
  await requestOverHttp2(client, url);
  const download: Traffic['download'] = async (file) => {
    const response = await fetch(inspected.url + file);
    const octets = Buffer.from(await response.arrayBuffer());
    return { octets, disposition: response.headers.get('content-disposition') ?? '' };
  };
  await until(
    'all exchanges have ended',
    async () => !(await download('export.har')).octets.includes('in progress'),
  );
  return {
    server,
    inspected,
    download,
    async [Symbol.asyncDispose]() {
      await inspected.close();
      await server.close();
    },
  };
}

async function requestOverHttp1(raw: (octets: string) => Promise<void>): Promise<void> {
  const host = 'Host: localhost\r\n';
  const last = 'Connection: close\r\n';
  await raw(
    `GET /first?token=${SECRET}&page=2 HTTP/1.1\r\n${host}Cookie: a=${SECRET}; b=2\r\n\r\n` +
      `POST /second HTTP/1.1\r\n${host}Authorization: Bearer ${SECRET}\r\nContent-Length: ${SECRET.length}\r\n${last}\r\n${SECRET}`,
  );
  await raw(
    `PUT /chunked HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n${last}\r\na\r\n${SECRET}\r\n1\r\nx\r\n0\r\n\r\n`,
  );
  await raw(`GET /smuggled HTTP/1.1\r\n${host}Cookie: a=${SECRET}\r\nContent-Length: 1, 2\r\n\r\n`);
  await raw(`GET /big HTTP/1.1\r\n${host}\r\nGET /after HTTP/1.1\r\n${host}${last}\r\n`);
  for (const path of ['gzip', 'binary', 'moved']) await raw(`GET /${path} HTTP/1.1\r\n${host}${last}\r\n`);
}

async function requestOverHttp2(client: Client, url: string): Promise<void> {
  const headers = { cookie: `a=${SECRET}`, 'x-plain': 'shown' };
  const paths = ['/h2/1', `/h2/2?token=${SECRET}`, '/big', '/gzip'];
  const get = async (path: string) => (await client.fetch(url + path, { headers })).text();
  await Promise.all(paths.map(get));
  await (await client.fetch(`${url}/h2/post`, { method: 'POST', body: SECRET, headers })).text();
}
