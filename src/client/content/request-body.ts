/** The content of a request before it is framed: what `fetch` takes for a body, and how it is read (Fetch Standard, "BodyInit"). */
import { Buffer } from 'node:buffer';
import { BodyReader } from '../../fetch/body-reader.ts';
import type { BodyInit } from '../../fetch/response.ts';
import { encodedForm, formPieces } from './form-body.ts';

/** What a request can carry: what `fetch` takes, and an async iterable of `Uint8Array`. */
export type RequestBodyInit = BodyInit | AsyncIterable<Uint8Array>;

/** Octets piece by piece; each piece is read when it is asked for. */
export interface BodySource {
  next(): Promise<{ done?: boolean | undefined; value?: unknown }>;
  /** No more pieces will be asked for. */
  cancel(reason: unknown): void;
}

export interface RequestBody {
  /** Bytes, or -1 if that is not known before the end. */
  readonly length: number;
  /** The Content-Type for a caller that gives none. */
  readonly type: string | undefined;
  /** The whole body, as ASCII text or octets; `undefined` for a body that has to be read. */
  readonly whole: string | Uint8Array | undefined;
  /** Whether it can be sent a second time. */
  readonly isReplayable: boolean;
  open(): BodySource;
}

/** Cancels the source of a body that is not going to be opened. */
export function cancelUnopened(body: RequestBody | undefined, reason: unknown): void {
  if (body !== undefined && body.whole === undefined && !body.isReplayable) body.open().cancel(reason);
}

/** @throws {TypeError} for a stream that is locked. */
export function bodyOf(init: RequestBodyInit | undefined): RequestBody | undefined {
  if (init === undefined || init === null) return undefined;
  if (typeof init === 'string') return ofText(init, 'text/plain;charset=UTF-8');
  if (init instanceof URLSearchParams)
    return ofText(init.toString(), 'application/x-www-form-urlencoded;charset=UTF-8');
  if (init instanceof Uint8Array) return ofOctets(init);
  if (init instanceof ArrayBuffer) return ofOctets(new Uint8Array(init));
  if (ArrayBuffer.isView(init))
    return ofOctets(new Uint8Array(init.buffer, init.byteOffset, init.byteLength));
  if (init instanceof ReadableStream) return ofStream(init as ReadableStream<unknown>);
  if (init instanceof Blob) return ofBlob(init);
  if (init instanceof FormData) return ofForm(init);
  if (typeof init === 'object' && Symbol.asyncIterator in init) return ofSource(() => iteratorOf(init));
  // Fetch converts everything else to a string.
  return ofText(String(init), 'text/plain;charset=UTF-8');
}

/** A body that ends within so many bytes and milliseconds counts as one in memory. */
const MOST_SETTLED = 1024 * 1024;
const SETTLING_MS = 10;

/**
 * The body of a `Request`. It may be a string, a form or a file, but a `Request` shows only a stream. If that ends soon, the
 * body has a length and can be sent again, as with `fetch` of the runtime.
 */
export async function settledBody(stream: ReadableStream<Uint8Array>): Promise<RequestBody> {
  const reader = new BodyReader(stream);
  const whole = await reader.whole(MOST_SETTLED, SETTLING_MS);
  if (whole !== undefined) return ofOctets(whole);
  return ofSource(() => ({
    next: async () => {
      const value = await reader.next();
      return { done: value === undefined, value };
    },
    cancel: (reason) => void reader.cancel(reason).catch(() => {}),
  }));
}

const NOTHING_TO_OPEN = (): BodySource => {
  throw new TypeError('A body in memory is not opened');
};

function ofText(text: string, type: string): RequestBody {
  const length = Buffer.byteLength(text);
  // ASCII is the same in latin1, and can be written together with the head.
  const whole = length === text.length ? text : Buffer.from(text, 'utf8');
  return { length, type, whole, isReplayable: true, open: NOTHING_TO_OPEN };
}

function ofOctets(whole: Uint8Array): RequestBody {
  return { length: whole.length, type: undefined, whole, isReplayable: true, open: NOTHING_TO_OPEN };
}

function ofStream(stream: ReadableStream<unknown>): RequestBody {
  if (stream.locked) throw new TypeError('fetch: body: the stream is locked');
  return ofSource(() => readerOf(stream));
}

function ofBlob(blob: Blob): RequestBody {
  const open = () => readerOf(blob.stream());
  const type = blob.type === '' ? undefined : blob.type;
  return { length: blob.size, type, whole: undefined, isReplayable: true, open };
}

function ofForm(form: FormData): RequestBody {
  const encoded = encodedForm(form);
  const { length, type, parts } = encoded;
  const [only, ...others] = parts;
  const whole = others.length === 0 ? (only as Uint8Array) : undefined;
  return { length, type, whole, isReplayable: true, open: () => iteratorOf(formPieces(encoded)) };
}

/** A body that is read once, and whose length its end shows. */
function ofSource(open: () => BodySource): RequestBody {
  return { length: -1, type: undefined, whole: undefined, isReplayable: false, open };
}

function readerOf(stream: ReadableStream<unknown>): BodySource {
  const reader = stream.getReader();
  return { next: () => reader.read(), cancel: (reason) => void reader.cancel(reason).catch(() => {}) };
}

function iteratorOf(iterable: AsyncIterable<unknown>): BodySource {
  const iterator = iterable[Symbol.asyncIterator]();
  const cancel = () => void Promise.resolve(iterator.return?.()).catch(() => {});
  return { next: () => Promise.resolve(iterator.next()), cancel };
}
