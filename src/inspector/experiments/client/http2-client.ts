/** The client of the experiments over HTTP/2: the project's own engine, with each frame named in the transcript. */
import { HpackDecoder } from '../../../hpack/index.ts';
import * as types from '../../../http2/frame/frame-types.ts';
import {
  CONTENT,
  CONTENT_END,
  errorCodeName,
  FieldLines,
  GOAWAY,
  Http2ClientConnection,
  type Http2Stream,
  MESSAGE_HEAD,
  NEED_OCTETS,
  REJECTED,
  RESET,
} from '../../../http2/index.ts';
import type { PartLine } from '../../messages.ts';
import { type Frame, FrameReader } from '../../recorder/frame-reader.ts';
import { frameLine } from '../../wording/frame-lines.ts';
import { hidesValue } from '../../wording/redaction.ts';
import type { Fields } from '../../wording/sent-again.ts';
import type { Entry, Transcript } from '../transcript.ts';
import type { Link } from './link.ts';
import type { Shown } from './shown.ts';

export interface StreamAnswer {
  readonly stream: number;
  /** 0 without a response. */
  status: number;
  /** Octets of its content. */
  contentLength: number;
  /** Octets of the block with which its request began, as HPACK wrote it. */
  blockLength: number;
  /** When its response ended, in milliseconds since the experiment began; `undefined` if it did not. */
  endAt: number | undefined;
  /** The name of the error code with which it was reset (RFC 9113 §7). */
  reset: string | undefined;
}

export interface Http2RequestLine {
  readonly path: string;
  readonly authority: string;
  readonly isSecure: boolean;
  readonly userAgent: string;
}

export class Http2Client {
  readonly link: Link;
  readonly answers: StreamAnswer[] = [];
  /** Of the whole connection: it is no HTTP/2, or has failed. */
  failure: string | undefined;
  /** Frames of responses in their order: their streams. */
  readonly order: number[] = [];
  readonly #engine = new Http2ClientConnection();
  readonly #transcript: Transcript;
  readonly #shown: Shown;
  readonly #sent: FrameReader;
  readonly #received: FrameReader;
  readonly #requestBlocks = new HpackDecoder();
  #responseBlocks: HpackDecoder | undefined = new HpackDecoder();
  #lines: PartLine[] = [];
  #entry: Entry | undefined;
  #onProgress: () => void = () => {};

  constructor(link: Link, transcript: Transcript, shown: Shown) {
    this.link = link;
    this.#transcript = transcript;
    this.#shown = shown;
    const now = (): number => transcript.now();
    // Named from the server's end, as the recorder does it.
    this.#sent = new FrameReader('received', (frame) => this.#onSentFrame(frame));
    this.#received = new FrameReader('sent', (frame) => this.#onReceivedFrame(frame));
    link.listen(
      (octets) => this.#onOctets(octets, now()),
      () => this.#onProgress(),
    );
  }

  get hasSettings(): boolean {
    return this.#engine.hasSettings;
  }

  /** Begins a request. `flush` sends it. */
  request({ path, authority, isSecure, userAgent }: Http2RequestLine): void {
    const fields = new FieldLines();
    fields.add('user-agent', userAgent);
    const scheme = isSecure ? 'https' : 'http';
    const start = { method: 'GET', scheme, authority, path, fields, contentLength: undefined };
    const { id } = this.#engine.request(start);
    const answer = { stream: id, status: 0, contentLength: 0, blockLength: 0 };
    this.answers.push({ ...answer, endAt: undefined, reset: undefined });
  }

  /** Sends all that has begun, in one write. */
  flush(): void {
    const pieces: Uint8Array[] = [];
    for (let piece = this.#engine.output(); piece !== undefined; piece = this.#engine.output())
      pieces.push(piece.slice());
    const octets = Buffer.concat(pieces);
    if (octets.length === 0) return;
    this.#lines = [];
    this.#sent.read(octets, this.#transcript.now());
    this.link.write(octets, this.#lines);
  }

  /** Fulfils when this is true, and when the connection has ended. */
  async until(isDone: () => boolean): Promise<void> {
    while (!isDone() && !this.link.hasEnded && this.failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#onProgress = resolve;
      });
    }
  }

  /** Says GOAWAY, and ends the connection. */
  end(): void {
    if (!this.link.hasEnded && this.failure === undefined) {
      this.#engine.goAway();
      this.flush();
    }
    this.link.end();
  }

  #onOctets(octets: Buffer, now: number): void {
    const entry = this.#transcript.octets(this.link.number, 'server', octets.length, this.#entry);
    this.#lines = [];
    this.#received.read(octets, now);
    entry.add(...this.#lines);
    // Nothing was complete: what follows belongs to it.
    this.#entry = this.#lines.length === 0 ? entry : undefined;
    this.#engine.receive(octets, now);
    while (this.#next());
    this.flush();
    this.#onProgress();
  }

  /** @returns whether there may be more. */
  #next(): boolean {
    const engine = this.#engine;
    const result = engine.next();
    const answer = engine.stream && this.#answerOf(engine.stream);
    switch (result) {
      case MESSAGE_HEAD:
        if (answer === undefined) break;
        answer.status = engine.response!.status;
        if (engine.stream!.isClosed) answer.endAt = this.#transcript.now();
        break;
      case CONTENT:
        if (answer !== undefined) answer.contentLength += engine.content.length;
        engine.consumed(engine.stream!, engine.content.length);
        break;
      case CONTENT_END:
        if (answer !== undefined) answer.endAt = this.#transcript.now();
        break;
      case RESET:
        if (answer !== undefined) answer.reset = errorCodeName(engine.code);
        if (engine.stream !== undefined) engine.release(engine.stream);
        break;
      case GOAWAY:
        break;
      case REJECTED:
        this.failure = engine.error?.sentence ?? 'The connection broke a rule of HTTP/2.';
        return false;
      case NEED_OCTETS:
        return false;
      default:
    }
    return true;
  }

  #answerOf({ id }: Http2Stream): StreamAnswer | undefined {
    return this.answers.find(({ stream }) => stream === id);
  }

  #onSentFrame(frame: Frame): void {
    const line = frameLine(frame, { showsBlocks: true, showsContent: true });
    if (frame.type !== types.HEADERS) {
      this.#lines.push(line);
      return;
    }
    const answer = this.answers.find(({ stream }) => stream === frame.stream);
    const length = frame.octets.length - types.FRAME_HEADER_OCTETS;
    if (answer !== undefined) answer.blockLength = length;
    this.#lines.push(withMeaning(line, this.#fieldsOf(frame, this.#requestBlocks)));
  }

  #onReceivedFrame(frame: Frame): void {
    if (frame.stream !== 0 && (frame.type === types.HEADERS || frame.type === types.DATA))
      this.order.push(frame.stream);
    const isHead = frame.type === types.HEADERS;
    const fields = isHead ? this.#fieldsOf(frame, this.#responseBlocks) : undefined;
    if (isHead && fields === undefined) this.#responseBlocks = undefined;
    const { secrets, bodies } = this.#shown;
    const isOpen =
      fields !== undefined && (secrets || !fields.some(([name, value]) => hidesValue(name, value)));
    const line = frameLine(frame, { showsBlocks: isOpen, showsContent: bodies });
    const length = frame.octets.length - types.FRAME_HEADER_OCTETS;
    if (fields !== undefined) this.#lines.push(withMeaning(line, fields));
    else this.#lines.push(frame.omitted === 0 ? line : withLength(line, length + frame.omitted));
  }

  #fieldsOf({ octets, omitted }: Frame, decoder: HpackDecoder | undefined): Fields | undefined {
    const flags = octets[4]!;
    const isWhole = omitted === 0 && (flags & types.END_HEADERS) !== 0;
    const isPlain = (flags & (types.PADDED | types.HAS_PRIORITY)) === 0;
    if (!isWhole || !isPlain || !decoder?.decode(octets, types.FRAME_HEADER_OCTETS)) return undefined;
    return decoder.fields.map(({ name, value }) => [name, value] as const);
  }
}

/** Of a payload of which only the beginning is kept. */
function withLength(line: PartLine, length: number): PartLine {
  return { ...line, parts: [...line.parts.slice(0, -1), { ...line.parts.at(-1)!, length }] };
}

/** What the block stands for. Its length says how short it is. */
function withMeaning(line: PartLine, fields: Fields | undefined): PartLine {
  const block = line.parts.at(-1);
  if (fields === undefined || block === undefined || block.kind !== 'field-value') return line;
  const pseudo = fields.filter(([name]) => /^:(?:method|path|status)$/.test(name)).map(([, value]) => value);
  const others = fields.length - pseudo.length;
  const more = others === 0 ? '' : ` and ${others} more fields`;
  const meaning = `${pseudo.join(' ')}${more}`;
  return { ...line, parts: [...line.parts.slice(0, -1), { ...block, meaning }] };
}
