/**
 * The runtime's own `Request` for a light one: `ctx.request`, and what frameworks get where they need one. The two share the
 * content: what has been read from one has been read from the other.
 */
import { type Content, StreamContent } from './content/content.ts';
import { bodyMixin, CONTENT } from './light-body.ts';
import { passFor } from './stand-in.ts';

const NativeRequest = globalThis.Request;

type RequestInit = NonNullable<ConstructorParameters<typeof Request>[1]>;

/** The light request. */
export interface Original {
  readonly method: string;
  readonly url: string;
  readonly signal: AbortSignal;
  readonly ip: string | undefined;
  readonly trailers: Promise<Headers>;
  /** A clone replaces it. */
  [CONTENT]: Content | undefined;
}

/** Fetch allows no content with the first two, and none of the others at all. */
const WITHOUT_CONTENT = new Set(['GET', 'HEAD']);
const FORBIDDEN = new Set(['CONNECT', 'TRACE', 'TRACK']);

const nativeBody = Object.getOwnPropertyDescriptor(NativeRequest.prototype, 'body')!.get as (
  this: unknown,
) => ReadableStream<Uint8Array> | null;

const Base = NativeRequest as unknown as new (url: string, init: RequestInit) => { clone(): Request };

export class OwnRequest extends bodyMixin(Base) {
  readonly #original: Original;

  /** @param fields the end-to-end fields. */
  constructor(original: Original, fields: [name: string, value: string][]) {
    super(original.url, initOf(original, fields));
    this.#original = original;
    // Fetch can't send it as it is. Used content keeps everyone from sending something else instead.
    if (isUnusable(original)) void NativeRequest.prototype.text.call(this);
  }

  static originalOf(request: object): Original | undefined {
    return #original in request ? request.#original : undefined;
  }

  get [CONTENT](): Content | undefined {
    return this.#original[CONTENT];
  }

  /** As it was sent: Fetch would write some methods in capitals (RFC 9110 §9.1). */
  get method(): string {
    return this.#original.method;
  }

  /** What Fetch does not send is not shown as a body, so that a request can be made of this one. It can be read all the same. */
  override get body(): ReadableStream<Uint8Array> | null {
    return WITHOUT_CONTENT.has(this.method) ? null : super.body;
  }

  get ip(): string | undefined {
    return this.#original.ip;
  }

  get trailers(): Promise<Headers> {
    return this.#original.trailers;
  }

  override clone(): Request {
    const copy = super.clone();
    const body = nativeBody.call(this);
    // The stream has been divided: this half is what is left to the original.
    if (body !== null) this.#original[CONTENT] = new StreamContent(body, this.trailers);
    return copy;
  }
}

passFor(OwnRequest, NativeRequest);

function initOf(original: Original, headers: [name: string, value: string][]): RequestInit {
  const { method, signal } = original;
  const content = original[CONTENT];
  if (isUnusable(original)) return { method: 'POST', headers, signal, body: '' };
  if (content === undefined || WITHOUT_CONTENT.has(method)) return { method, headers, signal };
  return { method, headers, signal, body: content.stream, duplex: 'half' } as RequestInit;
}

function isUnusable({ method, [CONTENT]: content }: Original): boolean {
  if (content === undefined || WITHOUT_CONTENT.has(method)) return FORBIDDEN.has(method);
  return FORBIDDEN.has(method) || content.isUsed || content.isLocked;
}
