/** The content of a request before it is framed: what `fetch` takes for a body, and how it is read (Fetch Standard, "BodyInit"). */
import { Buffer } from 'node:buffer';
import type { BodyInit } from '../../fetch/response.ts';

/** What a request can carry: what `fetch` takes, and an async iterable of octets. */
export type RequestBodyInit = BodyInit | AsyncIterable<Uint8Array>;

/** Octets one piece after the other; nothing is read before somebody asks. */
export interface BodySource {
  next(): Promise<{ done?: boolean | undefined; value?: unknown }>;
  /** Nobody will ask any more. */
  cancel(reason: unknown): void;
}

export interface RequestBody {
  /** Octets, or -1 when that is not known before the end. */
  readonly length: number;
  /** The Content-Type that goes with it, where the caller gives none. */
  readonly type: string | undefined;
  /** All of it: ASCII text or octets; `undefined` for what has to be read. */
  readonly whole: string | Uint8Array | undefined;
  /** Whether it can be sent a second time. */
  readonly isReplayable: boolean;
  open(): BodySource;
}

/** Tells whoever makes a stream that was never opened that nobody will ask for it. What can be sent again needs no telling. */
export function cancelUnopened(body: RequestBody | undefined, reason: unknown): void {
  if (body !== undefined && body.whole === undefined && !body.isReplayable) body.open().cancel(reason);
}

const NOTHING_TO_OPEN = (): BodySource => {
  throw new TypeError('This body is there as a whole');
};

/** @throws {TypeError} for a stream that has been read from, or what is no body at all. */
export function bodyOf(init: RequestBodyInit | undefined): RequestBody | undefined {
  if (init === undefined || init === null) return undefined;
  if (typeof init === 'string') return ofText(init, 'text/plain;charset=UTF-8');
  if (init instanceof URLSearchParams)
    return ofText(init.toString(), 'application/x-www-form-urlencoded;charset=UTF-8');
  if (init instanceof Uint8Array) return ofOctets(init, undefined);
  if (init instanceof ArrayBuffer) return ofOctets(new Uint8Array(init), undefined);
  if (ArrayBuffer.isView(init))
    return ofOctets(new Uint8Array(init.buffer, init.byteOffset, init.byteLength), undefined);
  if (init instanceof ReadableStream) return ofStream(init as ReadableStream<unknown>);
  if (init instanceof Blob) return ofBlob(init);
  if (init instanceof FormData) return ofForm(init);
  if (typeof init === 'object' && Symbol.asyncIterator in init) return ofIterable(init);
  // Fetch makes a string of whatever else there is.
  return ofText(String(init), 'text/plain;charset=UTF-8');
}

function ofText(text: string, type: string): RequestBody {
  const length = Buffer.byteLength(text);
  // ASCII is the same in latin1, and can be written together with the head.
  const whole = length === text.length ? text : Buffer.from(text, 'utf8');
  return { length, type, whole, isReplayable: true, open: NOTHING_TO_OPEN };
}

function ofOctets(whole: Uint8Array, type: string | undefined): RequestBody {
  return { length: whole.length, type, whole, isReplayable: true, open: NOTHING_TO_OPEN };
}

function ofStream(stream: ReadableStream<unknown>): RequestBody {
  if (stream.locked) throw new TypeError('fetch: body: the stream is locked');
  const open = () => readerOf(stream);
  return { length: -1, type: undefined, whole: undefined, isReplayable: false, open };
}

function ofBlob(blob: Blob): RequestBody {
  const open = () => readerOf(blob.stream());
  const type = blob.type === '' ? undefined : blob.type;
  return { length: blob.size, type, whole: undefined, isReplayable: true, open };
}

function ofForm(form: FormData): RequestBody {
  // The runtime knows how to write a form, and the boundary is in its type: both come from the same one.
  const response = new globalThis.Response(form);
  const type = response.headers.get('content-type') ?? undefined;
  const open = () => readerOf(response.body!);
  return { length: -1, type, whole: undefined, isReplayable: false, open };
}

function ofIterable(iterable: AsyncIterable<unknown>): RequestBody {
  const open = (): BodySource => {
    const iterator = iterable[Symbol.asyncIterator]();
    const cancel = () => void Promise.resolve(iterator.return?.()).catch(() => {});
    return { next: () => Promise.resolve(iterator.next()), cancel };
  };
  return { length: -1, type: undefined, whole: undefined, isReplayable: false, open };
}

function readerOf(stream: ReadableStream<unknown>): BodySource {
  const reader = stream.getReader();
  return { next: () => reader.read(), cancel: (reason) => void reader.cancel(reason).catch(() => {}) };
}
