/**
 * Reads what a server sent, as forgivingly as a browser would: a case judges one thing, and a server that gets another
 * thing wrong is still to be understood.
 */

export interface Answer {
  /** 0 if there was none that could be read. */
  readonly status: number;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly content: Uint8Array;
  /** Why the message is not whole, or what was wrong with its framing; `undefined` if all is well. */
  readonly fault: string | undefined;
  /** Octets that came behind the end of the message, where nothing was to follow. */
  readonly excess: number;
  /** The values of a field, joined by a comma; `undefined` if there is none. */
  field(name: string): string | undefined;
}

interface Framed {
  readonly content: Uint8Array;
  readonly fault?: string;
  readonly excess: number;
}

/**
 * @param octets all that came, before the server closed or was given up.
 * @param method of the request: an answer to HEAD has no content, whatever its fields say.
 */
export function readAnswer(octets: Uint8Array, method: string): Answer {
  if (octets.length === 0) return unreadable('no answer');
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, Math.max(end, 0)).split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)?.[1] ?? 0);
  if (end < 0 || status === 0) return unreadable('no HTTP answer');
  const rest = octets.subarray(end + 4);
  if (status < 200) return readAnswer(rest, method);

  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  const field = (name: string): string | undefined => {
    const values = fields.filter(([key]) => key === name.toLowerCase()).map(([, value]) => value);
    return values.length === 0 ? undefined : values.join(', ');
  };
  const { content, fault, excess } = frame(rest, method, status, field);
  return { status, fields, content, fault, excess, field };
}

function unreadable(fault: string): Answer {
  return { status: 0, fields: [], content: new Uint8Array(0), fault, excess: 0, field: () => undefined };
}

/** RFC 9112 §6.3. */
function frame(
  rest: Uint8Array,
  method: string,
  status: number,
  field: (name: string) => string | undefined,
): Framed {
  if (method === 'HEAD' || status === 204 || status === 304) {
    return { content: new Uint8Array(0), excess: rest.length };
  }
  if (field('transfer-encoding')?.toLowerCase() === 'chunked') return chunked(rest);
  const length = field('content-length');
  // Until the server closed.
  if (length === undefined) return { content: rest, excess: 0 };
  if (!/^\d+$/.test(length)) return { content: rest, excess: 0, fault: `Content-Length: ${length}` };
  const content = rest.subarray(0, Number(length));
  const excess = rest.length - content.length;
  if (content.length === Number(length)) return { content, excess };
  return { content, excess, fault: `${content.length} of ${length} octets` };
}

/** RFC 9112 §7.1. */
function chunked(rest: Uint8Array): Framed {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = rest.indexOf(0x0a, at);
    const size = Number.parseInt(
      Buffer.from(rest.subarray(at, Math.max(lineEnd, at))).toString('latin1'),
      16,
    );
    if (lineEnd < 0 || Number.isNaN(size)) break;
    at = lineEnd + 1;
    if (size === 0) {
      const over = rest.length - at - 2;
      return {
        content: Buffer.concat(chunks),
        excess: Math.max(over, 0),
        ...(over < 0 && { fault: 'no end' }),
      };
    }
    chunks.push(rest.subarray(at, at + size));
    at += size + 2;
  }
  return { content: Buffer.concat(chunks), excess: 0, fault: 'no last chunk' };
}
