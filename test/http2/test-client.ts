/** A client's connection, and what comes of the octets of a server as lines. */
import assert from 'node:assert/strict';
import {
  Http2ClientConnection,
  type Http2ClientOptions,
  type Http2RequestStart,
} from '../../src/http2/client-connection.ts';
import { errorCodeName } from '../../src/http2/error-codes.ts';
import { PREFACE } from '../../src/http2/frame/frame-types.ts';
import {
  CONTENT,
  CONTENT_END,
  GOAWAY,
  INTERIM,
  MESSAGE_HEAD,
  NEED_OCTETS,
  REJECTED,
  RESET,
} from '../../src/http2/results.ts';
import type { Http2Stream } from '../../src/http2/stream/stream.ts';
import { FieldLines } from '../../src/semantics/field-lines.ts';
import { settings, Transcript } from './frames.ts';

export function requestStart(changes: Partial<Http2RequestStart> = {}): Http2RequestStart {
  return {
    ...{
      method: 'GET',
      scheme: 'https',
      authority: 'a',
      path: '/',
      fields: new FieldLines(),
      contentLength: undefined,
    },
    ...changes,
  };
}

export class TestClient {
  readonly connection: Http2ClientConnection;
  readonly answers: string[] = [];
  readonly #transcript = new Transcript();
  #hasSentPreface = false;

  constructor(options?: Http2ClientOptions) {
    this.connection = new Http2ClientConnection(options);
  }

  /** One whose server has sent its SETTINGS, and what the client has sent so far is dropped. */
  static opened(...values: readonly (readonly [number, number])[]): TestClient {
    const client = new TestClient();
    client.receive(settings(...values));
    client.sent();
    return client;
  }

  request(changes?: Partial<Http2RequestStart>): Http2Stream {
    return this.connection.request(requestStart(changes));
  }

  receive(...pieces: readonly Uint8Array[]): this {
    for (const octets of pieces) {
      this.connection.receive(octets);
      while (this.#note(this.connection.next())) {}
    }
    return this;
  }

  octets(): Uint8Array {
    return this.connection.output() ?? new Uint8Array(0);
  }

  sent(): string[] {
    const octets = this.octets();
    if (octets.length === 0) return [];
    const start = this.#hasSentPreface ? 0 : PREFACE.length;
    this.#hasSentPreface = true;
    return this.#transcript.linesOf(octets.subarray(start));
  }

  #note(answer: number): boolean {
    const { connection, answers } = this;
    const id = connection.stream?.id;
    switch (answer) {
      case INTERIM:
        answers.push(`interim ${id} ${connection.response!.status}`);
        return true;
      case MESSAGE_HEAD:
        answers.push(`response ${id} ${connection.response!.status}`);
        return true;
      case CONTENT: {
        const text = Buffer.from(connection.content).toString('latin1');
        if (answers.at(-1)?.startsWith(`content ${id} `)) answers[answers.length - 1] += text;
        else answers.push(`content ${id} ${text}`);
        connection.consumed(connection.stream!, connection.content.length);
        return true;
      }
      case CONTENT_END: {
        const { names, values } = connection.trailers;
        answers.push(['end', id, ...names.map((name, i) => `${name}=${values[i]}`)].join(' '));
        return true;
      }
      case RESET:
        answers.push(
          `reset ${id} ${errorCodeName(connection.code)} ${connection.error?.reason ?? ''}`.trimEnd(),
        );
        connection.release(connection.stream!);
        return true;
      case GOAWAY: {
        const unprocessed = connection.unprocessed.map((stream) => stream.id).join();
        answers.push(
          `goaway ${connection.lastAccepted} ${errorCodeName(connection.code)} ${unprocessed}`.trimEnd(),
        );
        return true;
      }
      case REJECTED:
        if (!answers.at(-1)?.startsWith('failed')) answers.push(`failed ${connection.error!.reason}`);
        return false;
      default:
        assert.equal(answer, NEED_OCTETS);
        return false;
    }
  }
}
