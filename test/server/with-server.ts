/**
 * A server in this very process, for one test: what its handlers did can be looked at directly.
 *
 * It also keeps watch over two things that no server may do, whatever its handlers and clients do: throw where nobody can
 * catch, and leave a rejected promise behind.
 */
import assert from 'node:assert/strict';
import { subscribe } from 'node:diagnostics_channel';
import process from 'node:process';
import type { ConnectionOptions } from 'node:tls';
import {
  type Handler,
  Response,
  type Server,
  type ServerContext,
  type ServerOptions,
  serve,
} from '../../src/index.ts';
import { certificatePair } from '../support/certificates.ts';
import { RawConnection } from '../support/raw-client.ts';
import type { ParsedResponse } from '../support/response-parser.ts';
import { PATIENCE } from '../support/until.ts';

export { until } from '../support/until.ts';

export interface Fault {
  readonly error: unknown;
  readonly where: string;
}

export interface Running {
  readonly server: Server;
  readonly port: number;
  readonly origin: string;
  /** What was reported since this server was started; as nothing else is running, it is this server's. */
  readonly faults: readonly Fault[];
  /** A raw connection, closed at the end of the test. To a server with `tls` it is a TLS connection. */
  connect(tls?: ConnectionOptions): Promise<RawConnection>;
  /** Sends a message over a connection of its own and gives the one answer to it. */
  ask(message: string | Uint8Array): Promise<ParsedResponse>;
}

/** `SERVAL_WIRE=tls npm test -- server/exchange`: the same tests, over TLS. */
export const OVER_TLS = process.env['SERVAL_WIRE'] === 'tls';

const strays: unknown[] = [];
process.on('uncaughtException', (error) => strays.push(error));
process.on('unhandledRejection', (reason) => strays.push(reason));
// One that belongs to no test, such as a test file that can't be loaded, still fails the run.
process.on('exit', () => {
  for (const stray of strays) console.error(stray);
  if (strays.length > 0) process.exitCode = 1;
});

const reported: Fault[] = [];
subscribe('serval:fault', (message) => reported.push(message as Fault));

export async function withServer(
  handler: Handler,
  use: (running: Running) => Promise<void>,
  options: ServerOptions = {},
): Promise<void> {
  reported.length = 0;
  strays.length = 0;
  const given = OVER_TLS ? { tls: certificatePair('a'), ...options } : options;
  const isSecured = 'tls' in given;
  const server = serve(handler, { hostname: '127.0.0.1', port: 0, ...given });
  await server.ready;
  const [listener] = server;
  const { port } = listener!.address;
  const connections: RawConnection[] = [];
  const connect = async (tls?: ConnectionOptions) => {
    const secured = { ...(isSecured && { tls: { rejectUnauthorized: false, ...tls } }) };
    const connection = await RawConnection.connect({ port, ...secured });
    connections.push(connection);
    return connection;
  };
  const ask = async (message: string | Uint8Array) => {
    const connection = await connect();
    await connection.send(message);
    const text = typeof message === 'string' ? message : Buffer.from(message).toString('latin1');
    const [answer] = await connection.receiveResponses([text.slice(0, text.indexOf(' '))]);
    // A server that closes waits a while for its clients to do so, too.
    connection.close();
    if (answer === undefined) assert.fail(`no answer\n${connection.transcript()}`);
    return answer;
  };
  try {
    await use({
      server,
      port,
      origin: `http${isSecured ? 's' : ''}://127.0.0.1:${port}`,
      faults: reported,
      connect,
      ask,
    });
  } finally {
    for (const connection of connections) connection.close();
    server.destroy();
    await server.closed.catch(() => {});
    await assertNoStrays();
  }
}

/** Has the handler of one request look at it, and fails when it found something wrong. */
export async function inHandler(
  message: string | Uint8Array,
  inspect: (request: Request, ctx: ServerContext) => unknown,
  options: ServerOptions = {},
): Promise<void> {
  let failure: unknown;
  let answer: ParsedResponse | undefined;
  const handler = async (request: Request, ctx: ServerContext) => {
    try {
      await inspect(request, ctx);
    } catch (error) {
      failure = error;
    }
    return new Response('inspected');
  };
  await withServer(
    handler,
    async ({ ask }) => {
      answer = await ask(message);
    },
    options,
  );
  if (failure !== undefined) throw failure;
  assert.equal(answer?.text, 'inspected');
}

/** Nothing was thrown or rejected where nobody could catch it. */
export async function assertNoStrays(): Promise<void> {
  // Rejections are reported when the microtasks are done.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(strays.splice(0), [], 'uncaught exceptions and unhandled rejections');
}

/** A request with `Host: a`, and with a Content-Length where it has content and does not say how that is framed. */
export function message(line: string, fields: readonly string[] = [], content = ''): string {
  const lines = [`${line} HTTP/1.1`, 'Host: a', ...fields];
  const isFramed = fields.some((field) => /^(content-length|transfer-encoding):/i.test(field));
  if (content !== '' && !isFramed) lines.push(`Content-Length: ${content.length}`);
  return `${lines.join('\r\n')}\r\n\r\n${content}`;
}

export const get = (path = '/', ...fields: string[]): string => message(`GET ${path}`, fields);

/** A POST with chunked content: a chunk for each piece, and the trailer lines. */
export function chunkedPost(pieces: readonly string[], trailers: readonly string[] = []): string {
  const chunks = pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('');
  const section = trailers.map((line) => `${line}\r\n`).join('');
  return message('POST /', ['Transfer-Encoding: chunked'], `${chunks}0\r\n${section}\r\n`);
}

/** What a promise gives, or a failure when it gives nothing: a test must not hang where the server does. */
export async function within<T>(what: string, promise: Promise<T>, patience = PATIENCE): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new assert.AssertionError({ message: `still pending: ${what}` })),
      patience,
    );
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** The reason for which a promise rejects, in time. */
export async function reasonOf(what: string, promise: Promise<unknown>): Promise<unknown> {
  let reason: unknown;
  await within(
    what,
    promise.then(
      () => assert.fail(`fulfilled: ${what}`),
      (error) => {
        reason = error;
      },
    ),
  );
  return reason;
}

/** A protocol error of the draft ("Protocol error objects"): a `TypeError` with a `code` of its own. */
export function assertProtocolError(error: unknown, code: string): void {
  assert.ok(error instanceof TypeError, `not a TypeError: ${String(error)}`);
  assert.equal((error as TypeError & { code?: unknown }).code, code);
  assert.ok(Object.hasOwn(error, 'code'), 'code is an own property');
}

/** A promise and its two ends, for handlers that wait until the test has seen enough. */
export function gate<T = void>() {
  let open!: (value: T) => void;
  let fail!: (error: unknown) => void;
  const opened = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { opened, open, fail };
}

/** All of a stream of octets, one character an octet. */
export async function drain(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = '';
  for await (const piece of stream) {
    assert.ok(piece instanceof Uint8Array);
    text += Buffer.from(piece).toString('latin1');
  }
  return text;
}
