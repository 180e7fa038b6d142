/** `GET /`: a page that shows the request for it. */

import { createHash } from 'node:crypto';
import { CODECS } from '../compression/encoders.ts';
import { forbidsTransform } from '../compression/response-fields.ts';
import { Response } from '../fetch/response.ts';
import { connectionPersists } from '../http1/persistence.ts';
import { hostAndPort } from '../semantics/address/authority.ts';
import { parseConnectionOptions } from '../semantics/connection/connection-options.ts';
import { chooseCoding, parseAcceptEncoding } from '../semantics/negotiation.ts';
import type { ServerContext } from '../server/api.ts';
import { annotateHead, type HeadLine, partText } from './annotate-head.ts';
import { welcomePage } from './welcome-page.ts';
import { WELCOME_STYLE } from './welcome-style.ts';

const STYLE_HASH = createHash('sha256').update(WELCOME_STYLE).digest('base64');

/** The page shows data from the client. All of it is escaped; if that ever failed, the policy prevents scripts and loads. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function welcome(request: Request, ctx: ServerContext): Response {
  const lines = annotateHead(ctx.receivedHead);
  const page = welcomePage({
    lines,
    total: ctx.receivedHead.length,
    remote: placeOf(ctx.remoteAddress.address, ctx.remoteAddress.port),
    local: ctx.localAddress,
    origin: originOf(request, ctx),
    persistent: persists(lines, request),
    coding: codingFor(request),
  });
  return new Response(page, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': POLICY,
      // With no-referrer, browsers would send `Origin: null` for the form, like a page of another site.
      'Referrer-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}

/** Predicts whether the server keeps the connection, which it decides later. Wrong only while the server shuts down. */
function persists(lines: readonly HeadLine[], request: Request): boolean {
  const requestLine = lines.find((line) => line.kind === 'request-line');
  const version = requestLine === undefined ? '' : partText(requestLine, 'http-version');
  return connectionPersists({
    minor: version === 'HTTP/1.0' ? 0 : 1,
    requestOptions: parseConnectionOptions(request.headers.get('connection') ?? ''),
    serverCloses: false,
    responseEndsByClosing: false,
  });
}

/** Predicts the coding that `compression()` chooses after the page is written. */
function codingFor({ headers }: Request): string {
  if (forbidsTransform(headers)) return 'identity';
  const accepted = parseAcceptEncoding(headers.get('accept-encoding') ?? '');
  return chooseCoding(accepted, [...CODECS.keys()]) ?? 'identity';
}

/**
 * The origin in the commands on the page. By its grammar a host may contain `;` or `$(`, and users paste commands into shells.
 * So a host with other characters than letters, digits and address punctuation is replaced by the address of the socket.
 */
function originOf(request: Request, ctx: ServerContext): string {
  const { host } = new URL(request.url);
  if (/^[a-z0-9.:[\]-]+$/i.test(host)) return `http://${host}`;
  return `http://${placeOf(ctx.localAddress.address, ctx.localAddress.port)}`;
}

function placeOf(address: string, port: number): string {
  return port === 0 ? address : hostAndPort(address, port);
}
