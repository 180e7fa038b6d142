/**
 * What a server's connection makes of a client's octets, as lines: what it gives out, and what it sends. A driver that answers
 * each request when it is complete; the answer says what was understood.
 */
import assert from 'node:assert/strict';
import { errorCodeName } from '../../src/http2/error-codes.ts';
import { DEFAULT_HTTP2_LIMITS, type Http2Limits } from '../../src/http2/limits.ts';
import {
  CONTENT,
  CONTENT_END,
  GOAWAY,
  MESSAGE_HEAD,
  NEED_OCTETS,
  PRIORITY,
  REFUSED,
  REJECTED,
  RESET,
} from '../../src/http2/results.ts';
import {
  type Http2ResponseStart,
  Http2ServerConnection,
  type Http2ServerOptions,
} from '../../src/http2/server-connection.ts';
import type { Http2Stream } from '../../src/http2/stream/stream.ts';
import { FieldLines } from '../../src/semantics/field-lines.ts';
import { eachSplit } from '../support/each-split.ts';
import { join, opening, Transcript } from './frames.ts';

export const DATE = 'Date: Tue, 15 Nov 1994 08:12:31 GMT\r\n';

export function fieldLines(...fields: readonly (readonly [name: string, value: string])[]): FieldLines {
  const lines = new FieldLines();
  for (const [name, value] of fields) lines.add(name, value);
  return lines;
}

export function responseStart(changes: Partial<Http2ResponseStart> = {}): Http2ResponseStart {
  return { status: 200, fields: new FieldLines(), contentLength: -1, dateLine: '', ...changes };
}

/** The default limits but for those that a test is about. */
export function limited(changes: Partial<Http2Limits>): Http2ServerOptions {
  return { limits: { ...DEFAULT_HTTP2_LIMITS, ...changes } };
}

/** Answers a request that is complete. */
export type Respond = (connection: Http2ServerConnection, stream: Http2Stream) => void;

const respondWithNothing: Respond = (connection, stream) => {
  connection.beginResponse(stream, responseStart({ contentLength: 0 }));
};

export interface Conversation {
  /** `request 1 GET /`, `content 1 abc`, `end 1`, `reset 1 CANCEL`, `refused 1 431`, `failed Reason`, … */
  readonly answers: string[];
  /** What the server has sent, behind its own SETTINGS. */
  readonly sent: string[];
}

/** A connection whose client has sent its preface and SETTINGS, and their lines are dropped. */
export class TestServer {
  readonly connection: Http2ServerConnection;
  readonly answers: string[] = [];
  readonly streams = new Map<number, Http2Stream>();
  readonly #transcript = new Transcript();
  #respond: Respond;

  constructor(options: Http2ServerOptions = {}, respond: Respond = respondWithNothing) {
    this.connection = new Http2ServerConnection(options);
    this.#respond = respond;
  }

  /** One that has been opened, and its output so far is dropped. */
  static opened(options?: Http2ServerOptions, respond?: Respond): TestServer {
    const server = new TestServer(options, respond);
    server.receive(opening());
    server.sent();
    return server;
  }

  receive(...pieces: readonly Uint8Array[]): this {
    for (const octets of pieces) {
      this.connection.receive(octets);
      while (this.#note(this.connection.next())) {}
    }
    return this;
  }

  /** What has been sent since. */
  sent(most?: number): string[] {
    const output = this.connection.output(most);
    return output === undefined ? [] : this.#transcript.linesOf(output);
  }

  #note(answer: number): boolean {
    const { connection, answers } = this;
    const { stream } = connection;
    const id = stream?.id ?? '-';
    switch (answer) {
      case MESSAGE_HEAD:
        answers.push(`request ${id} ${stream!.head!.method} ${stream!.head!.path}`);
        this.streams.set(stream!.id, stream!);
        if (stream!.hasReceivedEnd) this.#respond(connection, stream!);
        return true;
      case CONTENT: {
        const text = Buffer.from(connection.content).toString('latin1');
        // Pieces depend on how the octets were cut; what they are together does not.
        if (answers.at(-1)?.startsWith(`content ${id} `)) answers[answers.length - 1] += text;
        else answers.push(`content ${id} ${text}`);
        connection.consumed(stream!, connection.content.length);
        return true;
      }
      case CONTENT_END: {
        const { names, values } = connection.trailers;
        answers.push(['end', id, ...names.map((name, i) => `${name}=${values[i]}`)].join(' '));
        this.#respond(connection, stream!);
        return true;
      }
      case RESET:
        answers.push(
          `reset ${id} ${errorCodeName(connection.code)} ${connection.error?.reason ?? ''}`.trimEnd(),
        );
        if (stream !== undefined) connection.release(stream);
        return true;
      case REFUSED:
        answers.push(`refused ${id} ${connection.rejection!.status} ${connection.rejection!.reason}`);
        connection.refuse(stream!, connection.rejection!);
        return true;
      case PRIORITY:
        answers.push(`priority ${id} ${stream!.priority.urgency} ${stream!.priority.incremental}`);
        return true;
      case GOAWAY:
        answers.push(`goaway ${connection.lastAccepted} ${errorCodeName(connection.code)}`);
        return true;
      case REJECTED:
        if (!answers.at(-1)?.startsWith('failed')) answers.push(`failed ${connection.error!.reason}`);
        return false;
      default:
        assert.equal(answer, NEED_OCTETS);
        return false;
    }
  }
}

/** What comes of these octets behind the client's preface and SETTINGS, cut in every way. */
export function converse(
  octets: Uint8Array | readonly Uint8Array[],
  expected: Partial<Conversation>,
  options?: Http2ServerOptions,
  respond?: Respond,
): void {
  const message = octets instanceof Uint8Array ? octets : join(...octets);
  eachSplit(message, (chunks) => {
    const copies = chunks.map((chunk) => chunk.slice());
    for (const [pieces, keeps] of [
      [copies, true],
      [chunks, false],
    ] as const) {
      const server = TestServer.opened(options, respond);
      for (const piece of pieces) {
        server.receive(piece);
        if (keeps) server.connection.keep();
        // What has been decoded, or kept, is the socket's again.
        if (keeps || server.connection.buffered === 0) piece.fill(0x21);
      }
      if (expected.answers !== undefined) assert.deepEqual(server.answers, expected.answers);
      if (expected.sent !== undefined) assert.deepEqual(server.sent(), expected.sent);
    }
  });
}

/** The connection fails for this reason, and says so with this code. @param last the last stream that GOAWAY names. */
export function failsWith(
  octets: Uint8Array | readonly Uint8Array[],
  reason: string,
  code: string,
  last = 0,
  options?: Http2ServerOptions,
): void {
  const message = octets instanceof Uint8Array ? octets : join(...octets);
  eachSplit(message, (chunks) => {
    const server = TestServer.opened(options);
    for (const chunk of chunks) server.receive(chunk);
    assert.equal(server.answers.at(-1), `failed ${reason}`);
    assert.equal(server.sent().at(-1), `GOAWAY ${last} ${code}`);
  });
}

/** The stream is reset with this code, and the connection goes on. */
export function resetsWith(
  octets: Uint8Array | readonly Uint8Array[],
  stream: number,
  reason: string,
  code = 'PROTOCOL_ERROR',
  options?: Http2ServerOptions,
): void {
  const message = octets instanceof Uint8Array ? octets : join(...octets);
  eachSplit(message, (chunks) => {
    const server = TestServer.opened(options);
    for (const chunk of chunks) server.receive(chunk);
    const resets = server.answers.filter((answer) => answer.startsWith('reset'));
    assert.match(resets.join('\n'), new RegExp(`^reset (${stream}|-) ${code} ${reason}$`));
    assert.deepEqual(
      server.sent().filter((line) => line.startsWith('RST_STREAM')),
      [`RST_STREAM ${stream} ${code}`],
    );
    assert.equal(server.connection.hasFailed, false);
  });
}
