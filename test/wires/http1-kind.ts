/** HTTP/1.1 over TCP and over TLS, asked by the runtime's own client. */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { serve } from '../../src/index.ts';
import { certificateAuthority, certificatePair } from '../support/certificates.ts';
import type { Peer, ReceivedHead, RunningWire, SentRequest, WireKind } from './wire-kind.ts';

export const http1: WireKind = kind(false);
export const https1: WireKind = kind(true);

function kind(encrypted: boolean): WireKind {
  const { Agent, request: begin } = encrypted ? https : http;
  return {
    name: encrypted ? 'HTTP/1.1 over TLS' : 'HTTP/1.1',
    alpnProtocol: 'http/1.1',
    encrypted,
    hasBackPressure: true,
    limitsContent: true,
    async start(handler, options = {}): Promise<RunningWire> {
      const tls = encrypted ? { tls: certificatePair('a.test') } : {};
      const server = serve(handler, { hostname: '127.0.0.1', port: 0, ...tls, ...options });
      await server.ready;
      const { port } = [...server][0]!.address as unknown as AddressInfo;
      const agent = new Agent({ keepAlive: true, ca: certificateAuthority().cert, servername: 'a.test' });
      return {
        ask: (request) => ask(begin, { host: '127.0.0.1', port, agent }, request),
        openTunnel(protocol, fields) {
          const headers: Record<string, string> =
            protocol === undefined ? { ...fields } : { Connection: 'upgrade', Upgrade: protocol, ...fields };
          const [method, path] = protocol === undefined ? ['CONNECT', 'a.example:443'] : ['GET', '/'];
          if (protocol === undefined) headers['Host'] = path;
          const request = begin({ host: '127.0.0.1', port, method, path, headers, agent });
          return new Promise((resolve, reject) => {
            const onOpened = (response: http.IncomingMessage, socket: Socket, first: Buffer): void => {
              if (first.length > 0) socket.unshift(first);
              const head = headOf(response);
              if (head.status === 101 || head.status === 200) resolve({ head, octets: socket });
              else {
                socket.destroy();
                reject(head);
              }
            };
            request.on('upgrade', onOpened);
            request.on('connect', onOpened);
            request.on('response', (response) => {
              response.resume();
              reject(headOf(response));
            });
            request.on('error', reject);
            request.end();
          });
        },
        setBusy: (isBusy) => {
          server.busy = isBusy;
        },
        async [Symbol.asyncDispose]() {
          agent.destroy();
          server.closed.catch(() => {});
          server.destroy();
        },
      };
    },
  };
}

export type Begin = (options: https.RequestOptions) => http.ClientRequest;

export function ask(begin: Begin, where: https.RequestOptions, sent: SentRequest): Peer {
  const { method = 'GET', path = '/', fields = {}, content, trailers } = sent;
  const headers: Record<string, string | string[]> = { ...fields };
  if (trailers !== undefined) headers['Trailer'] = Object.keys(trailers).join(', ');
  if (typeof content !== 'string' && content !== undefined)
    headers['Content-Length'] = String(content.length);
  const request = begin({ ...where, method, path, headers });
  const interims: ReceivedHead[] = [];
  request.on('information', (info) => interims.push(headOf(info)));
  request.on('continue', () => interims.push({ status: 100, fields: {} }));
  let isPaused = false;
  const response = new Promise<http.IncomingMessage>((resolve, reject) => {
    request.on('response', (message) => {
      if (isPaused) message.pause();
      resolve(message);
    });
    request.on('error', reject);
    request.on('close', () => reject(new Error('closed without a response')));
  });
  response.catch(() => {});
  if (trailers !== undefined) request.addTrailers(trailers);
  if (content === undefined) request.end();
  else if (content === 'later') request.flushHeaders();
  else request.end(content);
  return {
    interims,
    head: async () => headOf(await response),
    async content() {
      let text = '';
      for await (const piece of await response) text += (piece as Buffer).toString('latin1');
      return text;
    },
    trailers: async () => (await response).trailers as Record<string, string>,
    send: (octets) => void request.write(octets),
    end: () => void request.end(),
    pause: () => {
      isPaused = true;
    },
    resume: () => void response.then((message) => message.resume()),
    leave: () => void request.destroy(),
  };
}

function headOf(message: {
  statusCode?: number | undefined;
  headers: http.IncomingHttpHeaders;
}): ReceivedHead {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    fields[name] = Array.isArray(value) ? value.join('\n') : (value ?? '');
  }
  return { status: message.statusCode ?? 0, fields };
}
