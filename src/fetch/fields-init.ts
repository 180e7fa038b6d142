/** The fields of anything `new Headers()` takes, one by one; no `Headers` is made of what can do without. */

/** What `new Headers()` takes. */
export type FieldsInit =
  | Headers
  | undefined
  | Iterable<readonly string[]>
  | Readonly<Record<string, string | readonly string[]>>;

/** Where fields go: a `Headers`, or the encoder's `FieldLines`. */
export interface FieldSink {
  add(name: string, value: string): void;
}

export function addFields(init: FieldsInit, sink: FieldSink): void {
  if (init === undefined || init === null) return;
  if (typeof init !== 'object' && typeof init !== 'function')
    throw new TypeError(`Headers: expected an object, got ${String(init)}`);
  if (Symbol.iterator in init) {
    for (const pair of init as Iterable<readonly string[]>) {
      if (pair.length !== 2) throw new TypeError('Headers: each member of the list is a name and a value');
      sink.add(String(pair[0]), normalised(String(pair[1])));
    }
    return;
  }
  const record = init as Readonly<Record<string, string>>;
  for (const name in record) {
    if (Object.hasOwn(record, name)) sink.add(name, normalised(String(record[name])));
  }
}

/** Without white space at its ends (Fetch Standard, "normalize a byte sequence"). */
function normalised(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isWhiteSpace(value.charCodeAt(start))) start++;
  while (end > start && isWhiteSpace(value.charCodeAt(end - 1))) end--;
  return end - start === value.length ? value : value.slice(start, end);
}

/** SP, HTAB, LF and CR (Fetch Standard, "HTTP whitespace"). */
const isWhiteSpace = (code: number): boolean =>
  code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
