/**
 * Runs one file of the Web Platform Tests and prints its results as JSON, on any runtime:
 *
 *     node build/test/interop/suites/wpt-file.js CHECKOUT ORIGIN FILE native|response|request
 *
 * With `response` the global `Response` is Serval's. With `request` each `new Request()` gives the light request that a
 * handler would get for it.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { ReceivedContent } from '../../../src/fetch/content/received-content.ts';
import { acceptingLight, isTakenForNative, LightRequest } from '../../../src/fetch/request.ts';
import { Response as ServalResponse } from '../../../src/fetch/response.ts';
import { FieldSection, NO_FIELDS } from '../../../src/semantics/field-section.ts';

const [checkout = '', origin = '', file = '', flavour = ''] = process.argv.slice(2);
const path = join(checkout, file);
const takesLight = flavour !== 'request' || isTakenForNative();
/** As `serval/globals` has them, where the runtime does not take a light request. */
const { Request: NativeRequest, fetch: nativeFetch } = takesLight ? globalThis : acceptingLight(globalThis);
const location = new URL(file, `${origin}/`);
const scope = globalThis as unknown as Record<string, unknown>;

interface Result {
  readonly name: string;
  /** 0 is a pass. */
  readonly status: number;
  readonly message: string | null;
}

/** The request as a handler of Serval would get it. */
function received(native: Request): Request {
  const url = new URL(native.url);
  if (!url.protocol.startsWith('http')) return native;
  const names = [...native.headers.keys()];
  const reader = native.body?.getReader();
  const content =
    reader &&
    new ReceivedContent({
      declaredLength: -1,
      onFirstRead: () => {},
      async onWanted() {
        while (content!.isWanted) {
          try {
            const { done, value } = await reader.read();
            if (done) return content!.end(NO_FIELDS);
            content!.deliver(value as Uint8Array);
          } catch (error) {
            return content!.fail(error);
          }
        }
      },
      onRefused: () => void reader.cancel(),
    });
  const head = {
    method: native.method,
    scheme: undefined,
    authority: url.host,
    path: url.pathname + url.search,
    fields: FieldSection.of(
      names,
      names.map((name) => native.headers.get(name)!),
    ),
    version: '1.1',
    hasContent: content !== undefined,
    expectsContinue: false,
    connect: undefined,
    text: '',
  } as const;
  return new LightRequest({
    head,
    origin: url.origin,
    remoteAddress: { address: '127.0.0.1', port: 1, family: 'IPv4' },
    content,
    signal: native.signal,
  }) as unknown as Request;
}

Object.assign(scope, {
  self: globalThis,
  GLOBAL: { isWindow: () => false, isWorker: () => true, isShadowRealm: () => false },
  fetch: (input: string | Request, init?: object) =>
    nativeFetch(typeof input === 'string' ? new URL(input, location) : input, init),
});
Object.defineProperty(globalThis, 'location', { value: location, configurable: true });
if (flavour === 'response') scope['Response'] = ServalResponse;
// As in a browser, URLs are relative to the file.
scope['Request'] = new Proxy(NativeRequest, {
  construct(target, [input, ...rest], newTarget) {
    const isRelative = typeof input === 'string' && !URL.canParse(input);
    const given =
      isRelative && URL.canParse(input, location.href) ? new URL(input, location.href).href : input;
    const native: Request = Reflect.construct(target, [given, ...rest], newTarget);
    return flavour === 'request' ? received(native) : native;
  },
});

const source = readFileSync(path, 'utf8');
const scripts = file.endsWith('.html') ? scriptsOfPage(source) : [...scriptsOfComments(source), source];
process.on('unhandledRejection', () => {});
run(readFileSync(join(checkout, 'resources/testharness.js'), 'utf8'));
const { add_completion_callback, setup } = scope as unknown as {
  add_completion_callback(callback: (tests: Result[]) => void): void;
  setup(options: object): void;
};
const timer = setTimeout(() => finish([]), 20_000);
let finish = (tests: readonly Result[]): void => {
  clearTimeout(timer);
  console.log(JSON.stringify(tests.map(({ name, status, message }) => ({ name, status, message }))));
  process.exit(0);
};
const seen: Result[] = [];
add_completion_callback((tests) => finish(tests));
(scope as unknown as { add_result_callback(callback: (test: Result) => void): void }).add_result_callback(
  (test) => seen.push(test),
);
const finishWith = finish;
finish = (tests) => finishWith(tests.length > 0 ? tests : seen);
setup({ explicit_timeout: true });
for (const script of scripts) run(script);

/** In the global scope, as a script is. */
function run(script: string): void {
  // biome-ignore lint/security/noGlobalEval: these are scripts, not modules.
  const evaluate = globalThis.eval;
  evaluate(script);
}

function scriptsOfComments(text: string): string[] {
  return [...text.matchAll(/^\/\/ META: script=(.*)$/gm)].map(([, name]) => scriptAt(name!));
}

function scriptsOfPage(text: string): string[] {
  return [...text.matchAll(/<script(?: src="([^"]*)")?[^>]*>([\s\S]*?)<\/script>/g)]
    .filter(([, name]) => name === undefined || !name.includes('testharness'))
    .map(([, name, code]) => (name === undefined ? code! : scriptAt(name)));
}

function scriptAt(name: string): string {
  const at = name.startsWith('/') ? join(checkout, name) : join(dirname(path), name);
  return readFileSync(at, 'utf8');
}
