/** HTTP/2 over TCP with prior knowledge or over TLS, asked by the runtime's own client: all exchanges share one connection. */
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { serve } from '../../src/index.ts';
import { certificateAuthority, certificatePair } from '../support/certificates.ts';
import type { Peer, ReceivedHead, RunningWire, SentRequest, WireKind } from './wire-kind.ts';

export const http2Clear: WireKind = kind(false);
export const http2Secured: WireKind = kind(true);

function kind(encrypted: boolean): WireKind {
  return {
    name: encrypted ? 'HTTP/2 over TLS' : 'HTTP/2',
    alpnProtocol: encrypted ? 'h2' : 'h2c',
    encrypted,
    hasBackPressure: true,
    limitsContent: true,
    async start(handler, options = {}): Promise<RunningWire> {
      const tls = encrypted ? { tls: certificatePair('a.test') } : {};
      const server = serve(handler, { hostname: '127.0.0.1', port: 0, ...tls, ...options });
      await server.ready;
      const { port } = [...server][0]!.address as unknown as AddressInfo;
      const session = http2.connect(`${encrypted ? 'https' : 'http'}://127.0.0.1:${port}`, {
        ca: certificateAuthority().cert,
        servername: 'a.test',
      });
      session.on('error', () => {});
      await new Promise((resolve) => session.once('remoteSettings', resolve));
      return {
        ask: (request) => ask(session, request),
        openTunnel(protocol, fields) {
          const target =
            protocol === undefined
              ? { ':method': 'CONNECT', ':authority': 'a.example:443' }
              : { ':method': 'CONNECT', ':protocol': protocol, ':path': '/' };
          const stream = session.request({ ...target, ...fields }, { endStream: false });
          return new Promise((resolve, reject) => {
            stream.on('response', (headers) => {
              const head = headOf(headers);
              if (head.status === 200) resolve({ head, octets: stream });
              else reject(head);
            });
            stream.on('error', reject);
          });
        },
        setBusy: (isBusy) => {
          server.busy = isBusy;
        },
        async [Symbol.asyncDispose]() {
          session.destroy();
          server.closed.catch(() => {});
          server.destroy();
        },
      };
    },
  };
}

function ask(session: http2.ClientHttp2Session, sent: SentRequest): Peer {
  const { method = 'GET', path = '/', fields = {}, content, trailers } = sent;
  const headers = { ':method': method, ':path': path, ...fields };
  const stream = session.request(headers, {
    endStream: content === undefined,
    ...(trailers === undefined ? {} : { waitForTrailers: true }),
  });
  const interims: ReceivedHead[] = [];
  stream.on('headers', (fields) => interims.push(headOf(fields)));
  stream.on('continue', () => interims.push({ status: 100, fields: {} }));
  let trailing: Record<string, string> = {};
  stream.on('trailers', (fields) => {
    trailing = headOf(fields).fields;
  });
  stream.on('wantTrailers', () => stream.sendTrailers({ ...trailers }));
  const head = new Promise<ReceivedHead>((resolve, reject) => {
    stream.on('response', (fields) => resolve(headOf(fields)));
    stream.on('error', reject);
    stream.on('close', () => reject(new Error('closed without a response')));
  });
  head.catch(() => {});
  // A stream that was reset without an error ends as if it were complete.
  const closed = new Promise<void>((resolve, reject) => {
    stream.on('close', () => {
      if (stream.rstCode === http2.constants.NGHTTP2_NO_ERROR) resolve();
      else reject(new Error(`reset with ${stream.rstCode}`));
    });
  });
  closed.catch(() => {});
  if (content !== undefined && content !== 'later') stream.end(content);
  return {
    interims,
    head: () => head,
    async content() {
      await head;
      let text = '';
      for await (const piece of stream) text += (piece as Buffer).toString('latin1');
      await closed;
      return text;
    },
    trailers: async () => trailing,
    send: (octets) => void stream.write(octets),
    end: () => void stream.end(),
    pause: () => {},
    resume: () => void stream.resume(),
    // `close` would end the content first.
    leave: () => void stream.destroy(),
  };
}

function headOf(headers: http2.IncomingHttpHeaders): ReceivedHead {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(':')) fields[name] = Array.isArray(value) ? value.join('\n') : String(value ?? '');
  }
  return { status: Number(headers[':status' as never]), fields };
}
