/** `GET /`: a page that shows the request for it. */

import { CODECS } from '../compression/encoders.ts';
import { forbidsTransform } from '../compression/response-fields.ts';
import type { Response } from '../fetch/response.ts';
import { connectionPersists } from '../http1/persistence.ts';
import { hostAndPort } from '../semantics/address/authority.ts';
import { parseConnectionOptions } from '../semantics/connection/connection-options.ts';
import { chooseCoding, parseAcceptEncoding } from '../semantics/negotiation.ts';
import type { ServerContext } from '../server/api.ts';
import { annotateHead, type HeadLine, partText } from './annotate-head.ts';
import { pageResponse } from './page-shell.ts';
import { welcomePage } from './welcome-page.ts';

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
  return pageResponse(page);
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
export function originOf(request: Request, ctx: ServerContext): string {
  const { host, protocol } = new URL(request.url);
  if (/^[a-z0-9.:[\]-]+$/i.test(host)) return `${protocol}//${host}`;
  return `${protocol}//${placeOf(ctx.localAddress.address, ctx.localAddress.port)}`;
}

function placeOf(address: string, port: number): string {
  return port === 0 ? address : hostAndPort(address, port);
}
