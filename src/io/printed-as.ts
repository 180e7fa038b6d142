/**
 * How objects of Serval are printed: `console.log(server)` shows what a user asks for. Internals are left out, because they are long
 * and may hold private keys.
 */

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

type Inspect = (value: unknown, options: object) => string;

export interface Printed<T> {
  /** Behind the name, in parentheses: `String(server)` is `Server (http://127.0.0.1:4221/)`. */
  readonly text: (value: T) => string;
  /** For `console.log` and `JSON.stringify`. */
  readonly members: (value: T) => object;
}

/** Gives the instances of a class these forms. They are not members of its type. */
export function printAs<T extends object>(
  Class: { readonly prototype: T },
  name: string,
  { text, members }: Printed<T>,
): void {
  const hidden = (value: unknown) => ({ value, configurable: true, writable: true });
  Object.defineProperties(Class.prototype, {
    [Symbol.toStringTag]: hidden(name),
    toString: hidden(function asString(this: T) {
      return `${name} (${text(this)})`;
    }),
    toJSON: hidden(function asJson(this: T) {
      return members(this);
    }),
    [INSPECT]: hidden(function inspected(this: T, depth: number, options: object, inspect: Inspect) {
      return depth < 0 ? `[${name}]` : `${name} ${inspect(members(this), options)}`;
    }),
  });
}
