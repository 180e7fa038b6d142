/**
 * Replays the captured octets of an HTTP/2 client through the engine, without a socket, and prints their parts.
 *
 *     npm run build:test && node build/examples/replay-http2.js examples/captured-client.h2
 *
 * `serval/http2` does no I/O: octets go in, parts of requests come out; responses go in, octets come out. Its input can be a
 * socket, a test or, as here, a file. Change an octet of the file and see what happens.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import {
  CONTENT,
  CONTENT_END,
  errorCodeName,
  FieldLines,
  GOAWAY,
  Http2ServerConnection,
  MESSAGE_HEAD,
  NEED_OCTETS,
  REFUSED,
  REJECTED,
  RESET,
} from '../src/http2/index.ts';

/** TCP can cut a stream anywhere. Any other size gives the same parts, with other pieces of content. */
const SEGMENT_OCTETS = 100;

const FRAME_TYPES = [
  ...['DATA', 'HEADERS', 'PRIORITY', 'RST_STREAM', 'SETTINGS', 'PUSH_PROMISE', 'PING', 'GOAWAY'],
  ...['WINDOW_UPDATE', 'CONTINUATION'],
];

const connection = new Http2ServerConnection();

const file = process.argv[2];
if (file === undefined) {
  console.error('usage: node build/examples/replay-http2.js <file with the octets of a client>');
  process.exitCode = 2;
} else {
  replay(readFileSync(file));
}

/** A complete driver: pass on what has arrived, take all parts of it, and write what they caused at once. */
function replay(captured: Uint8Array): void {
  showOutput();
  for (let at = 0; at < captured.length && !connection.hasFailed; at += SEGMENT_OCTETS) {
    connection.receive(captured.subarray(at, at + SEGMENT_OCTETS));
    while (takePart()) {}
    showOutput();
  }
  if (connection.isInFrame) console.log('… more octets are needed');
}

/** Takes the next part of the input. @returns whether there may be another. */
function takePart(): boolean {
  const part = connection.next();
  const { stream } = connection;
  switch (part) {
    case MESSAGE_HEAD: {
      const { method, scheme = '', authority, path, fields, hasContent } = stream!.head!;
      console.log(`\nrequest on stream ${stream!.id}`);
      show('method', method);
      show('target', scheme, authority, path);
      for (const [index, name] of fields.names.entries()) show('field', name, fields.values[index]!);
      if (!hasContent) answer();
      return true;
    }
    case CONTENT:
      show('content', connection.content.length, textOf(connection.content));
      // The client may send as much again. Without this, it stops when the window of the stream is used up.
      connection.consumed(stream!, connection.content.length);
      return true;
    case CONTENT_END: {
      const { names, values } = connection.trailers;
      for (const [index, name] of names.entries()) show('trailer field', name, values[index]!);
      answer();
      return true;
    }
    case REFUSED:
      show('refused', connection.rejection!.reason, connection.rejection!.section);
      connection.refuse(stream!, connection.rejection!);
      return true;
    case RESET:
      show('reset', errorCodeName(connection.code), connection.error?.reason ?? 'by the client');
      if (stream !== undefined) connection.release(stream);
      return true;
    case GOAWAY:
      console.log('\nthe client goes away');
      return true;
    case REJECTED:
      // The broken rule is a value, not an exception. The engine has sent GOAWAY.
      show('failed', connection.error!.reason, connection.error!.section);
      return false;
    default:
      return part !== NEED_OCTETS; // NEED_OCTETS: the engine has decoded all input.
  }
}

/** Responds to the current request. */
function answer(): void {
  const { method, path } = connection.stream!.head!;
  const content = `You sent ${method} ${path}\n`;
  const fields = new FieldLines();
  fields.add('Content-Type', 'text/plain');
  const dateLine = `Date: ${new Date().toUTCString()}\r\n`;
  const start = { status: 200, fields, contentLength: content.length, dateLine };
  connection.sendResponse(connection.stream!, start, content);
}

/** One line for each frame that the engine has made. A program would write the octets to a socket. */
function showOutput(): void {
  const output = connection.output();
  if (output === undefined) return;
  console.log('output');
  const view = new DataView(output.buffer, output.byteOffset, output.length);
  for (let at = 0; at < output.length; ) {
    const length = (view.getUint8(at) << 16) | view.getUint16(at + 1);
    const type = FRAME_TYPES[view.getUint8(at + 3)] ?? 'unknown';
    const payload = Buffer.from(output.subarray(at + 9, at + 9 + length)).toString('hex');
    console.log(
      `  ${type.padEnd(14)} stream ${view.getUint32(at + 5)}  ${length} octets  ${payload.slice(0, 60)}`,
    );
    at += 9 + length;
  }
}

function textOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}

function show(part: string, ...values: (string | number)[]): void {
  console.log(`  ${part.padEnd(14)} ${values.map((value) => JSON.stringify(value)).join('  ')}`);
}
