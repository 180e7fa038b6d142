/**
 * `Headers` over a field section as it was received: most handlers read one or two fields, and making the runtime's own
 * `Headers` of a browser's eight costs several times what parsing them did.
 *
 * It is `instanceof Headers`. Iterating or changing it makes one of the runtime's own, to which it delegates from then on.
 */
import type { FieldSection } from '../semantics/field-section.ts';
import { isToken } from '../semantics/field-syntax.ts';
import { baseOf, type Inspect, passFor } from './stand-in.ts';

const NativeHeaders = globalThis.Headers;

type Entries = ReturnType<Headers['entries']>;
type Names = ReturnType<Headers['keys']>;

export class ReceivedHeaders extends baseOf(NativeHeaders) implements Headers {
  readonly #section: FieldSection;
  #native: Headers | undefined;
  #mirror: Headers | undefined;

  constructor(section: FieldSection) {
    super();
    this.#section = section;
  }

  /** Makes all later changes in `headers` too: those of the runtime's own message that was made of this one. */
  mirrorTo(headers: Headers): void {
    this.#mirror = headers;
  }

  /** The fields one by one, as they are now. */
  get pairs(): [name: string, value: string][] {
    return this.#native === undefined ? pairsOf(this.#section) : [...this.#native];
  }

  get(name: string): string | null {
    if (this.#native !== undefined) return this.#native.get(name);
    return this.#section.get(checkedName(name));
  }

  has(name: string): boolean {
    if (this.#native !== undefined) return this.#native.has(name);
    return this.#section.names.includes(checkedName(name));
  }

  getSetCookie(): string[] {
    return this.#whole.getSetCookie();
  }

  append(name: string, value: string): void {
    const cookie = String(name).toLowerCase() === 'cookie' ? this.get(name) : null;
    if (cookie !== null) return this.set(name, `${cookie}; ${value}`);
    this.#whole.append(name, value);
    this.#mirror?.append(name, value);
  }

  set(name: string, value: string): void {
    this.#whole.set(name, value);
    this.#mirror?.set(name, value);
  }

  delete(name: string): void {
    this.#whole.delete(name);
    this.#mirror?.delete(name);
  }

  forEach(callback: (value: string, name: string, parent: Headers) => void, thisArg?: unknown): void {
    for (const [name, value] of this.#whole) callback.call(thisArg, value, name, this);
  }

  entries(): Entries {
    return this.#whole.entries();
  }

  keys(): Names {
    return this.#whole.keys();
  }

  values(): Names {
    return this.#whole.values();
  }

  [Symbol.iterator](): Entries {
    return this.#whole.entries();
  }

  /** Prints the fields: the way of the runtime's own class looks for private members. */
  [Symbol.for('nodejs.util.inspect.custom')](_depth: number, options: object, inspect: Inspect): string {
    return `Headers ${inspect(Object.fromEntries(this.#whole), options)}`;
  }

  get #whole(): Headers {
    this.#native ??= toHeaders(this.#section);
    return this.#native;
  }
}

passFor(ReceivedHeaders, NativeHeaders);

/** Names that were checked, in lower case. A program asks for a few names again and again. */
const CHECKED = new Map<string, string>();
const MOST_CHECKED = 256;

/** Eight questions of the file server, 0.48 → 0.18 µs. */
function checkedName(name: string): string {
  const checked = CHECKED.get(name);
  if (checked !== undefined) return checked;
  const text = String(name);
  if (!isToken(text)) throw new TypeError(`Headers: not a field name: ${JSON.stringify(text)}`);
  const lower = text.toLowerCase();
  if (CHECKED.size < MOST_CHECKED) CHECKED.set(text, lower);
  return lower;
}

function pairsOf(section: FieldSection): [name: string, value: string][] {
  const { names, values } = section;
  const pairs: [string, string][] = [];
  let hasCookie = false;
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    if (name !== 'cookie') pairs.push([name, values[i]!]);
    // Its lines are joined here, because the runtimes differ in how they do it.
    else if (!hasCookie) hasCookie = pairs.push([name, section.get(name)!]) > 0;
  }
  return pairs;
}

/** A field section as the runtime's own `Headers`. */
export const toHeaders = (section: FieldSection): Headers => new NativeHeaders(pairsOf(section));
