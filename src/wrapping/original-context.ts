/** The context of an exchange as its events have it: frameworks make objects with it as their prototype. */
export function originalContext(ctx: object): object {
  for (let own = ctx; ; ) {
    const prototype: object | null = Object.getPrototypeOf(own);
    // The prototype of a class, and not an object that a framework has derived from.
    if (prototype === null || Object.hasOwn(prototype, 'constructor')) return own;
    own = prototype;
  }
}
