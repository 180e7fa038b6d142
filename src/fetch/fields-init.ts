/** The fields of anything `new Headers()` takes, one by one; no `Headers` is made of what can do without. */
import { withoutOWS } from '../semantics/field-syntax.ts';

/** What `new Headers()` takes. */
export type FieldsInit = ConstructorParameters<typeof Headers>[0];

/** Where fields go: a `Headers`, or the encoder's `FieldLines`. */
export interface FieldSink {
  add(name: string, value: string): void;
}

export function addFields(init: FieldsInit, sink: FieldSink): void {
  if (init === undefined || init === null) return;
  if (Symbol.iterator in init) {
    for (const pair of init as Iterable<readonly string[]>) {
      if (pair.length !== 2) throw new TypeError('Headers: each member of the list is a name and a value');
      sink.add(String(pair[0]), withoutOWS(String(pair[1])));
    }
    return;
  }
  const record = init as Record<string, string>;
  for (const name in record) {
    if (Object.hasOwn(record, name)) sink.add(name, withoutOWS(String(record[name])));
  }
}
