/** Compares the results of the decoder with those of the strict reader. */
import { Broken } from './broken.ts';
import { framingOf } from './comparison.ts';
import type { Observation } from './observation.ts';
import { fieldsOf, readStrictly, type StrictRequest } from './strict-reader.ts';

/** Longer messages can reach the bounds on chunk overhead and sections, which the reader does not know exactly. */
export const MOST_OCTETS_READ = 3_000;

/** Names that must never be exposed from a trailer section (RFC 9110 §6.5.1). */
const NEVER_TRAILERS =
  /^(?:host|content-length|transfer-encoding|authorization|cookie|content-type|expect|te|if-.*)$/;

const READER = 'a second, independent reader agrees';

/** @param seen the results of a decoder with the default limits. */
export function checkAgainstReader(text: string, seen: Observation): void {
  const { requests, end } = readStrictly(text);
  const reason = seen.rejection?.reason;
  if (requests.length !== seen.count) {
    const ending = `it ends ${end}; the decoder: ${reason ?? 'waiting for more'}`;
    throw new Broken(
      READER,
      `the reader has ${requests.length} requests, the decoder ${seen.count}; ${ending}`,
    );
  }
  for (let i = 0; i < requests.length; i++) checkRequest(requests[i]!, seen, i);
  if (end === 'invalid' && reason === undefined)
    throw new Broken(READER, 'the reader refuses, the decoder waits');
  if (end === 'complete' && reason !== undefined) throw new Broken(READER, `the decoder refuses: ${reason}`);
}

function checkRequest(request: StrictRequest, seen: Observation, index: number): void {
  const head = seen.heads[index]!;
  const content = seen.contentOf(index);
  const same = (what: string, read: unknown, decoded: unknown): void => {
    if (read !== decoded) {
      const values = `${JSON.stringify(read)} ≠ ${JSON.stringify(decoded)}`;
      throw new Broken(READER, `${what} of request ${index + 1}, reader and decoder: ${values}`);
    }
  };
  same('method', request.method, head.method);
  same('path', request.path, head.path);
  same('authority', request.authority, head.authority);
  same('minor version', request.minor, head.minor);
  same('framing', request.framing, framingOf(head));
  same('number of fields', request.fields.length, head.fields.names.length);
  for (const [at, [name, value]] of request.fields.entries()) {
    same('name of a field', name, head.fields.names[at]);
    same('value of a field', value, head.fields.values[at]);
  }
  same('content', request.content, Buffer.from(content).toString('latin1'));
  same('completeness', request.complete, seen.complete[index]);
  checkTrailers(request, seen, index);
}

/** Exposed trailers were sent, in this order, and none is forbidden. */
function checkTrailers(request: StrictRequest, seen: Observation, index: number): void {
  const { names, values } = seen.trailers[index]!;
  let at = 0;
  for (let i = 0; i < names.length; i++) {
    while (at < request.trailers.length && !isAt(request, at, names[i]!, values[i]!)) at++;
    if (at++ >= request.trailers.length) throw new Broken(READER, `a trailer that nobody sent: ${names[i]}`);
    if (NEVER_TRAILERS.test(names[i]!))
      throw new Broken('a trailer frames, routes and authenticates nothing', names[i]!);
  }
}

function isAt(request: StrictRequest, at: number, name: string, value: string): boolean {
  const [key, sent] = request.trailers[at]!;
  return key === name && sent === value;
}

/** The fields of a head, read from its text a second time. */
export function fieldsOfHead(text: string): [name: string, value: string][] {
  const line = text.indexOf('\r\n', text.search(/[^\r\n]/));
  return fieldsOf(text.slice(line + 2, -2));
}
