/** Answers made by hand. */
import { type Answer, readAnswer } from './answer.ts';
import { octetsOf } from './fixture.ts';

/** Lines of a head, and content that is measured unless the head says how long it is. */
export function answer(head: string, content: string | Uint8Array = '', method = 'GET'): Answer {
  const octets = typeof content === 'string' ? Buffer.from(content, 'latin1') : Buffer.from(content);
  const lines = head.split('\n').map((line) => line.trim());
  const isMeasured = /^(content-length|transfer-encoding):/im.test(lines.join('\n'));
  const length =
    isMeasured || method === 'HEAD' || lines[0]?.startsWith('304')
      ? []
      : [`Content-Length: ${octets.length}`];
  const text = [`HTTP/1.1 ${lines[0]}`, ...lines.slice(1), ...length, '', ''].join('\r\n');
  return readAnswer(Buffer.concat([Buffer.from(text, 'latin1'), octets]), method);
}

/** 206 with octets of a file; both ends are included. */
export function partOf(target: string, first: number, last: number, more = ''): Answer {
  const octets = octetsOf(target);
  const head = `206 Partial Content\nContent-Range: bytes ${first}-${last}/${octets.length}${more}`;
  return answer(head, octets.subarray(first, last + 1));
}

/** A part of a multipart/byteranges message with the boundary `b`, and the line end before it. */
export function multipart(
  target: string,
  ranges: readonly (readonly [first: number, last: number])[],
): Uint8Array {
  const octets = octetsOf(target);
  const pieces = ranges.flatMap(([first, last]) => [
    Buffer.from(
      `\r\n--b\r\nContent-Type: x/y\r\nContent-Range: bytes ${first}-${last}/${octets.length}\r\n\r\n`,
    ),
    Buffer.from(octets.subarray(first, last + 1)),
  ]);
  return Buffer.concat([...pieces, Buffer.from('\r\n--b--\r\n')]);
}
