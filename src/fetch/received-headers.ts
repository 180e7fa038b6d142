/**
 * `Headers` over a field section as it was received: most handlers read one or two fields, and making the runtime's own
 * `Headers` of a browser's eight costs several times what parsing them did.
 *
 * It is `instanceof Headers`. The first change to it makes a real `Headers`, which it stands in for from then on.
 */
import type { FieldSection } from '../semantics/field-section.ts';
import { isToken } from '../semantics/field-syntax.ts';

export class ReceivedHeaders implements Headers {
  readonly #section: FieldSection;
  #native: Headers | undefined;

  constructor(section: FieldSection) {
    this.#section = section;
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
    this.#whole.append(name, value);
  }

  set(name: string, value: string): void {
    this.#whole.set(name, value);
  }

  delete(name: string): void {
    this.#whole.delete(name);
  }

  forEach(callback: (value: string, name: string, parent: Headers) => void, thisArg?: unknown): void {
    for (const [name, value] of this.#whole) callback.call(thisArg, value, name, this);
  }

  entries() {
    return this.#whole.entries();
  }

  keys() {
    return this.#whole.keys();
  }

  values() {
    return this.#whole.values();
  }

  [Symbol.iterator]() {
    return this.#whole.entries();
  }

  get #whole(): Headers {
    this.#native ??= toHeaders(this.#section);
    return this.#native;
  }
}

Object.setPrototypeOf(ReceivedHeaders.prototype, Headers.prototype);
Object.defineProperty(ReceivedHeaders.prototype, Symbol.toStringTag, {
  value: 'Headers',
  configurable: true,
});

function checkedName(name: string): string {
  const text = String(name);
  if (!isToken(text)) throw new TypeError(`Headers: not a field name: ${JSON.stringify(text)}`);
  return text.toLowerCase();
}

/** A field section as the runtime's own `Headers`. */
export function toHeaders(section: FieldSection): Headers {
  const headers = new Headers();
  for (let i = 0; i < section.names.length; i++) headers.append(section.names[i]!, section.values[i]!);
  return headers;
}
