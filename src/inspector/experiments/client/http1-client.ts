/**
 * The client of the experiments over HTTP/1. It sends the octets that an experiment has written by hand, and reads responses with the
 * project's own decoder. Unlike a real client, it may have several requests in progress (RFC 9112 §9.3.2).
 */
import {
  CONTENT,
  CONTENT_END,
  connectionPersistsAfterResponse,
  INTERIM,
  MESSAGE_HEAD,
  NEED_OCTETS,
  PAUSED,
  ResponseDecoder,
} from '../../../http1/index.ts';
import type { PartLine } from '../../messages.ts';
import { contentLines } from '../../wording/content-lines.ts';
import { headLines } from '../../wording/head-lines.ts';
import type { Entry, Transcript } from '../transcript.ts';
import type { Answer } from './answer.ts';
import type { Link } from './link.ts';
import { ResponseNamer } from './response-namer.ts';
import type { Shown } from './shown.ts';
import { WebSocketEnd } from './websocket-end.ts';

const MOST_CONTENT = 1024 * 1024;

/** Takes what follows a 101 (RFC 9110 §15.2.2). @param entry to which the octets belong, if they came with the head. */
export type OnTunnel = (octets: Buffer, entry: Entry | undefined) => void;

interface Expected {
  readonly method: string;
  readonly offersUpgrade: boolean;
  readonly onTunnel: OnTunnel | undefined;
  readonly answer: Answer;
  readonly resolve: (answer: Answer) => void;
}

export class Http1Client {
  readonly link: Link;
  readonly #transcript: Transcript;
  readonly #shown: Shown;
  readonly #namer: ResponseNamer;
  readonly #expected: Expected[] = [];
  #decoder: ResponseDecoder | undefined;
  /** Octets of a response that the decoder has, and has not decoded. */
  #pending = '';
  #entry: Entry | undefined;
  #onTunnel: OnTunnel | undefined;
  #onContinue: () => void = () => {};
  /** When 100 (Continue) came, in milliseconds since the experiment began. */
  continueAt: number | undefined;

  constructor(link: Link, transcript: Transcript, shown: Shown) {
    this.link = link;
    this.#transcript = transcript;
    this.#shown = shown;
    this.#namer = new ResponseNamer(shown);
    link.listen(
      (octets) => this.#onOctets(octets),
      () => this.#onEnd(),
    );
  }

  /** Sends a head, with content behind it that is framed already, as one write. */
  send(head: string, content = '', isChunked = false): Entry {
    return this.link.write(head + content, this.linesOf(head, content, isChunked));
  }

  /** Sends pieces of content that are framed already. */
  sendContent(octets: string, isChunked = false): Entry {
    return this.link.write(octets, contentLines(octets, isChunked, true));
  }

  /** The lines of a request, named. Its content is the experiment's own, and contains no secret. */
  linesOf(head: string, content = '', isChunked = false): PartLine[] {
    return [...headLines(head, 'request', this.#shown.secrets), ...contentLines(content, isChunked, true)];
  }

  /**
   * Awaits one more response; those before it come first. It never rejects: a response that does not come is an answer as well.
   *
   * @param onTunnel the request offers an upgrade.
   */
  answer(method = 'GET', onTunnel?: OnTunnel): Promise<Answer> {
    return new Promise((resolve) => {
      const answer: Answer = {
        ...{ end: 'none', head: undefined, interim: [], contentLength: 0, content: [] },
        ...{ headAt: 0, endAt: 0, persists: false },
      };
      const offersUpgrade = onTunnel !== undefined;
      this.#expected.push({ method, offersUpgrade, onTunnel, answer, resolve });
      if (this.link.hasEnded) this.#onEnd();
    });
  }

  /** This end of a WebSocket, which begins with a 101. */
  webSocket(): WebSocketEnd {
    return new WebSocketEnd(this.link, this.#transcript, this.#shown);
  }

  /** Fulfils with 100 (Continue), RFC 9110 §15.2.1. */
  continued(): Promise<void> {
    return new Promise((resolve) => {
      this.#onContinue = resolve;
    });
  }

  #onOctets(octets: Buffer): void {
    const { number } = this.link;
    if (this.#onTunnel !== undefined) return this.#onTunnel(octets, undefined);
    this.#entry = this.#transcript.octets(number, 'server', octets.length, this.#entry);
    this.#pending += octets.toString('latin1');
    let rest: Uint8Array = octets;
    while (rest.length > 0) {
      const decoder = this.#decoderForNext();
      if (decoder === undefined) return this.#onUnexpected();
      decoder.receive(rest);
      rest = this.#decode(decoder);
    }
    // What is incomplete goes on in the same entry, and so does content.
    if (this.#pending === '' && !this.#namer.isInContent) this.#entry = undefined;
  }

  #decoderForNext(): ResponseDecoder | undefined {
    const [next] = this.#expected;
    if (this.#decoder === undefined && next !== undefined) {
      this.#decoder = new ResponseDecoder();
      this.#decoder.expect(next);
    }
    return this.#decoder;
  }

  /** @returns octets behind the response. */
  #decode(decoder: ResponseDecoder): Uint8Array {
    const { answer } = this.#expected[0]!;
    for (;;) {
      const result = decoder.next();
      const octets = this.#taken(decoder.buffered);
      switch (result) {
        case INTERIM:
          answer.interim.push(decoder.head!.status);
          if (decoder.head!.status === 100) {
            this.continueAt = this.#transcript.now();
            this.#onContinue();
          }
          this.#entry!.add(...this.#namer.head(octets));
          break;
        case MESSAGE_HEAD:
          answer.head = decoder.head;
          answer.headAt = this.#transcript.now();
          this.#entry!.add(...this.#namer.head(octets));
          if (decoder.head!.framing.kind === 'none') return this.#complete(decoder);
          this.#namer.beginContent(decoder.head!.framing.kind === 'chunked');
          break;
        case CONTENT: {
          const { content } = decoder;
          answer.contentLength += content.length;
          if (answer.contentLength <= MOST_CONTENT) answer.content.push(Buffer.from(content));
          this.#namer.content(this.#entry!, octets, content.length);
          break;
        }
        case CONTENT_END:
          this.#namer.endContent(this.#entry!, octets);
          return this.#complete(decoder);
        case NEED_OCTETS:
        case PAUSED:
          this.#namer.framing(octets);
          return new Uint8Array(0);
        default:
          answer.end = 'malformed';
          this.#entry!.add(...this.#namer.head(this.#taken(0)));
          this.#settle();
          return new Uint8Array(0);
      }
    }
  }

  /** The text of what has been decoded since the last time. */
  #taken(left: number): string {
    const end = this.#pending.length - left;
    const text = this.#pending.slice(0, end);
    this.#pending = this.#pending.slice(end);
    return text;
  }

  #complete(decoder: ResponseDecoder): Uint8Array {
    const { answer } = this.#expected[0]!;
    const { minor, connectionOptions, framing } = answer.head!;
    answer.end = 'complete';
    answer.persists = connectionPersistsAfterResponse({
      ...{ minor, responseOptions: connectionOptions, clientCloses: false },
      responseEndsByClosing: framing.kind === 'until-close',
    });
    const rest = decoder.stop();
    if (answer.head!.status === 101) this.#onTunnel = this.#expected[0]!.onTunnel;
    this.#settle();
    if (this.#onTunnel === undefined) return rest;
    this.#pending = '';
    if (rest.length > 0) this.#onTunnel(Buffer.from(rest), this.#entry);
    return new Uint8Array(0);
  }

  #settle(): void {
    const { answer, resolve } = this.#expected.shift()!;
    answer.endAt = this.#transcript.now();
    this.#decoder = undefined;
    resolve(answer);
  }

  /** Octets that no request asked for. */
  #onUnexpected(): void {
    this.#entry!.add(...contentLines(this.#pending, false, this.#shown.bodies));
    this.#pending = '';
  }

  #onEnd(): void {
    if (this.#decoder !== undefined && this.#expected.length > 0) {
      const { answer } = this.#expected[0]!;
      if (this.link.closedAt !== undefined && this.#decoder.end() === CONTENT_END) {
        answer.end = 'complete';
      } else if (answer.head !== undefined || this.#decoder.hasBegun) {
        answer.end = 'cut off';
      }
      this.#settle();
    }
    while (this.#expected.length > 0) this.#settle();
  }
}
