/** What makes a class of Serval's stand in for one of the runtime's. */

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

export type Inspect = (value: unknown, options: object) => string;
type Native = abstract new (...args: never[]) => object;

/** A base class that constructs nothing, whose instances are `instanceof Native` and which inherits what is static there. */
export function baseOf(Native: Native): new () => object {
  const Base = function Base(): void {};
  Base.prototype = Native.prototype;
  Object.setPrototypeOf(Base, Native);
  return Base as unknown as new () => object;
}

/**
 * Gives `StandIn` what is seen of a class from outside: its name, its tag, its constructor, members that `for … in` finds, and
 * how it is printed where the runtime's own way looks for private fields.
 *
 * @param shown the members that are printed; none for the way of the runtime's own class.
 */
export function passFor(
  StandIn: abstract new (...args: never[]) => object,
  Native: Native,
  shown: readonly string[] = [],
): void {
  const { name } = Native;
  const { prototype } = StandIn;
  for (let level = prototype; level !== Native.prototype; level = Object.getPrototypeOf(level)) {
    for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (key in Native.prototype && key !== 'constructor')
        Object.defineProperty(level, key, { ...descriptor, enumerable: true });
    }
  }
  Object.defineProperties(prototype, {
    constructor: { value: Native, writable: true, configurable: true },
    [Symbol.toStringTag]: { value: name, configurable: true },
  });
  if (shown.length === 0 || INSPECT in Native.prototype) return;
  Object.defineProperty(prototype, INSPECT, {
    configurable: true,
    value(this: Record<string, unknown>, _depth: number, options: object, inspect: Inspect) {
      const properties = Object.fromEntries(shown.map((member) => [member, this[member]]));
      return `${name} ${inspect(properties, options)}`;
    },
  });
}
