/**
 * The web's types in the declarations of the package, with and without the library of TypeScript that declares them.
 *
 * A project may have `lib: ["DOM"]`, or `@types/node`, or neither. Each type here is the global one where there is one. Elsewhere it
 * has the members that handlers need. `tools/build.js` lets the declarations use these types in place of the globals; the sources use
 * the globals.
 */
// biome-ignore-all lint/suspicious/noTsIgnore: a type that is missing in one project is there in another.
// biome-ignore-all lint/suspicious/noExplicitAny: where the standard has it.
/// <reference lib="esnext.disposable" preserve="true" />

/** `Global`, unless the compiler does not know it: then anything is a key of it, and the other type is taken. */
export type Known<Global, Otherwise> = string extends keyof Global ? Otherwise : Global;

/** @ts-ignore Not every project has it, here and below. */
type GlobalAbortSignal = globalThis.AbortSignal;
/** @ts-ignore */
type GlobalBlob = globalThis.Blob;
/** @ts-ignore */
type GlobalDOMException = globalThis.DOMException;
/** @ts-ignore */
type GlobalEvent = globalThis.Event;
/** @ts-ignore */
type GlobalEventTarget = globalThis.EventTarget;
/** @ts-ignore */
type GlobalFormData = globalThis.FormData;
/** @ts-ignore */
type GlobalHeaders = globalThis.Headers;
/** @ts-ignore */
type GlobalReadableStream<R> = globalThis.ReadableStream<R>;
/** @ts-ignore */
type GlobalRequest = globalThis.Request;
/** @ts-ignore */
type GlobalRequestInit = globalThis.RequestInit;
/** @ts-ignore */
type GlobalResponse = globalThis.Response;
/** @ts-ignore */
type GlobalURL = globalThis.URL;
/** @ts-ignore */
type GlobalURLSearchParams = globalThis.URLSearchParams;
/** @ts-ignore */
type GlobalWritableStream<W> = globalThis.WritableStream<W>;

export type AbortSignal = Known<GlobalAbortSignal, LeastAbortSignal>;
/** Bytes that no other thread can change: `Uint8Array<ArrayBuffer>`, which TypeScript before 5.7 does not know. */
export type OwnBytes = ReturnType<typeof Uint8Array.of>;
export type Blob = Known<GlobalBlob, LeastBlob>;
export type DOMException = Known<GlobalDOMException, Error>;
export type Event = Known<GlobalEvent, LeastEvent>;
export type EventTarget = Known<GlobalEventTarget, LeastEventTarget>;
/** Classes extend it. */
export declare const EventTarget: new () => EventTarget;
export type FormData = Known<GlobalFormData, LeastFormData>;
export type Headers = Known<GlobalHeaders, LeastHeaders>;
export type ReadableStream<R = unknown> = Known<GlobalReadableStream<R>, LeastReadableStream<R>>;
export type Request = Known<GlobalRequest, LeastRequest>;
export type RequestInit = Known<GlobalRequestInit, LeastRequestInit>;
export type Response = Known<GlobalResponse, LeastResponse>;
export type URL = Known<GlobalURL, LeastURL>;
export type URLSearchParams = Known<GlobalURLSearchParams, LeastURLSearchParams>;
export type WritableStream<W = unknown> = Known<GlobalWritableStream<W>, LeastWritableStream<W>>;

interface LeastEvent {
  readonly type: string;
  readonly target: EventTarget | null;
  preventDefault(): void;
}

interface LeastEventTarget {
  addEventListener(
    type: string,
    listener: ((event: any) => unknown) | null,
    options?: object | boolean,
  ): void;
  removeEventListener(
    type: string,
    listener: ((event: any) => unknown) | null,
    options?: object | boolean,
  ): void;
  dispatchEvent(event: Event): boolean;
}

interface LeastAbortSignal extends LeastEventTarget {
  readonly aborted: boolean;
  readonly reason: any;
  throwIfAborted(): void;
}

interface LeastBlob {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  text(): Promise<string>;
  slice(start?: number, end?: number, type?: string): Blob;
  stream(): ReadableStream<Uint8Array>;
}

interface LeastFormData extends Iterable<[string, string | Blob]> {
  append(name: string, value: string | Blob): void;
  get(name: string): string | Blob | null;
  getAll(name: string): (string | Blob)[];
  has(name: string): boolean;
}

interface LeastHeaders extends Iterable<[string, string]> {
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  getSetCookie(): string[];
  has(name: string): boolean;
  set(name: string, value: string): void;
  forEach(call: (value: string, name: string) => void): void;
}

interface LeastReader<R> {
  read(): Promise<{ done: false; value: R } | { done: true; value: undefined }>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

interface LeastReadableStream<R> extends AsyncIterable<R> {
  readonly locked: boolean;
  cancel(reason?: unknown): Promise<void>;
  getReader(): LeastReader<R>;
  tee(): [ReadableStream<R>, ReadableStream<R>];
}

interface LeastWriter<W> {
  readonly closed: Promise<unknown>;
  readonly ready: Promise<unknown>;
  write(chunk: W): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

interface LeastWritableStream<W> {
  readonly locked: boolean;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
  getWriter(): LeastWriter<W>;
}

interface LeastBody {
  readonly body: ReadableStream<Uint8Array> | null;
  readonly bodyUsed: boolean;
  readonly headers: Headers;
  readonly url: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  blob(): Promise<Blob>;
  formData(): Promise<FormData>;
  json(): Promise<any>;
  text(): Promise<string>;
}

interface LeastRequest extends LeastBody {
  readonly method: string;
  readonly signal: AbortSignal;
  clone(): Request;
}

interface LeastRequestInit {
  body?:
    | ArrayBuffer
    | ArrayBufferView
    | Blob
    | FormData
    | ReadableStream<Uint8Array>
    | URLSearchParams
    | string
    | null;
  duplex?: 'half';
  headers?: Headers | [string, string][] | Record<string, string>;
  method?: string;
  signal?: AbortSignal | null;
}

interface LeastResponse extends LeastBody {
  readonly ok: boolean;
  readonly redirected: boolean;
  readonly status: number;
  readonly statusText: string;
  clone(): Response;
}

interface LeastURL {
  readonly href: string;
  toString(): string;
}

interface LeastURLSearchParams extends Iterable<[string, string]> {
  toString(): string;
}
