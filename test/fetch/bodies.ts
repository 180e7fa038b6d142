/** One of each kind of body that a `Response` can have; each made anew, because most can be read only once. */
export const NATIVE = globalThis.Response;

export type Body = ConstructorParameters<typeof NATIVE>[0];

const form = () => {
  const data = new FormData();
  data.append('field', 'caf\u00e9');
  data.append('file', new Blob(['content'], { type: 'text/x' }), 'a.txt');
  return data;
};

export const stream = (...pieces: readonly string[]) => {
  const encoder = new TextEncoder();
  const left = [...pieces];
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = left.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(encoder.encode(piece));
    },
  });
};

async function* iterable() {
  yield new TextEncoder().encode('from an ');
  yield new TextEncoder().encode('iterable');
}

/** Async iterables as bodies are newer than the oldest runtime here. */
const takesIterables = (() => {
  try {
    return new NATIVE(iterable() as never).headers.get('content-type') === null;
  } catch {
    return false;
  }
})();

export const BODIES: Readonly<Record<string, () => Body>> = {
  'an ASCII string': () => 'hello',
  'a non-ASCII string': () => 'caf\u00e9 \u2603 \u{1f600}',
  'a string with a lone surrogate': () => 'a\ud800b',
  'an empty string': () => '',
  null: () => null,
  undefined: () => undefined,
  'a Uint8Array': () => Uint8Array.of(0, 0x80, 0xff),
  'an empty Uint8Array': () => new Uint8Array(0),
  'a part of a larger buffer': () => new Uint8Array(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2),
  'a Buffer': () => Buffer.from('h\u00e9', 'latin1'),
  'an ArrayBuffer': () => Uint8Array.of(1, 2, 3).buffer,
  'a DataView': () => new DataView(Uint8Array.of(1, 2, 3).buffer, 1),
  'a Uint16Array': () => Uint16Array.of(0x0101, 0x0202),
  'a Blob': () => new Blob(['hello'], { type: 'text/x' }),
  'a Blob without a type': () => new Blob(['hello']),
  'a FormData': form,
  'a URLSearchParams': () => new URLSearchParams('a=1&b=%20'),
  'a ReadableStream': () => stream('he', '', 'llo'),
  'an empty ReadableStream': () => stream(),
  ...(takesIterables ? { 'an async iterable': () => iterable() as never } : {}),
};

export const octetsOf = (buffer: ArrayBuffer): number[] => [...new Uint8Array(buffer)];
