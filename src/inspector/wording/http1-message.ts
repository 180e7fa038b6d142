/** A recorded message of HTTP/1, divided into its heads and its content. */

export type MessageSide = 'request' | 'response';

export interface Http1Message {
  /** Those of interim responses come first (RFC 9110 §15.2). */
  readonly heads: readonly string[];
  /** Behind the last head, as it was on the wire: with the sizes of chunks. */
  readonly content: string;
  readonly isChunked: boolean;
}

/** @param octets one character an octet. */
export function dividedMessage(octets: string, side: MessageSide): Http1Message {
  const heads: string[] = [];
  let at = 0;
  while (at < octets.length) {
    // RFC 9112 §2.2: empty lines before a request-line are ignored.
    const [empty] = side === 'request' ? /^(?:\r\n)*/.exec(octets.slice(at))! : [''];
    const found = octets.indexOf('\r\n\r\n', at + empty.length);
    const end = found < 0 ? octets.length : found + 4;
    const head = octets.slice(at, end);
    heads.push(head);
    at = end;
    if (side === 'request' || !/^HTTP\/1\.1 1(?!01)/.test(head)) break;
  }
  return {
    heads,
    content: octets.slice(at),
    isChunked: /^transfer-encoding:.*chunked/im.test(heads.at(-1) ?? ''),
  };
}
