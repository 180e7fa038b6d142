/** `/`: a page that shows the request for it, and the head of the response. */

import { annotateHead, type HeadLine, partText } from '../annotation/annotate-head.ts';
import { errorAnswer } from '../error-pages/error-answer.ts';
import { Response } from '../fetch/response.ts';
import { contentChunks } from '../files/uploads/content-chunks.ts';
import { connectionPersists } from '../http1/persistence.ts';
import { serializeResponseHead } from '../http1/response-encoder.ts';
import { hostAndPort } from '../semantics/address/authority.ts';
import { parseConnectionOptions } from '../semantics/connection/connection-options.ts';
import { FieldLines } from '../semantics/field-lines.ts';
import type { ServerContext } from '../server/api.ts';
import { keepAliveLineFor } from '../server/options.ts';
import { pageFields, pageText } from './page-shell.ts';
import { welcomePage } from './welcome-page.ts';

/** More content than this is refused: the page shows a part of it only. */
const MOST_CONTENT = 64 * 1024;

export async function welcome(request: Request, ctx: ServerContext, idle: number): Promise<Response> {
  const content = request.method === 'POST' ? await contentOf(request) : '';
  if (content === undefined) return errorAnswer(request, 413);
  const lines = annotateHead(ctx.receivedHead);
  const fields = { ...pageFields(), Date: new Date().toUTCString() };
  const persistent = persists(lines, request);
  const pageOf = (length: number): string =>
    pageText(
      welcomePage({
        request: lines,
        content,
        response: annotateHead(headOf(fields, length, persistent, versionOf(lines), idle), 'status-line'),
        remote: placeOf(ctx.remoteAddress.address, ctx.remoteAddress.port),
        local: ctx.localAddress,
        origin: originOf(request, ctx),
      }),
    );
  // The page has its own length in it. What counts is how many digits that has.
  let page = pageOf(0);
  for (let length = 0; length !== Buffer.byteLength(page); ) {
    length = Buffer.byteLength(page);
    page = pageOf(length);
  }
  return new Response(page, { headers: fields });
}

/** One character for each octet; `undefined` if there are too many. */
async function contentOf(request: Request): Promise<string | undefined> {
  let text = '';
  for await (const chunk of contentChunks(request.body)) {
    text += Buffer.from(chunk).toString('latin1');
    if (text.length > MOST_CONTENT) return undefined;
  }
  return text;
}

const versionOf = (lines: readonly HeadLine[]): string =>
  lines[0]?.kind === 'request-line' ? partText(lines[0], 'http-version') : '';

/**
 * The head of the response, as the server is about to write it. HTTP/2 has no text for it: its fields are shown as those of
 * the request are.
 *
 * @param idle the server's `timeouts.idle` in milliseconds, which it announces.
 */
function headOf(
  fields: Record<string, string>,
  length: number,
  persistent: boolean,
  version: string,
  idle: number,
): string {
  const lines = new FieldLines();
  for (const [name, value] of Object.entries(fields)) lines.add(name, value);
  if (!version.startsWith('HTTP/1.')) return `HTTP/2 200\r\n${lines.lines}Content-Length: ${length}\r\n\r\n`;
  return serializeResponseHead({
    ...{
      status: 200,
      reason: '',
      fields: lines,
      framing: { kind: 'length', length },
      absentContentLength: -1,
    },
    ...{ persists: persistent, requestMinor: version === 'HTTP/1.0' ? 0 : 1, dateLine: '' },
    keepAliveLine: keepAliveLineFor(idle),
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
