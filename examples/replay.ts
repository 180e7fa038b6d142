/**
 * Replays captured requests through the HTTP/1.1 engine, without a socket, and prints their parts.
 *
 *     npm run build:test && node build/examples/replay.js examples/captured-request.http
 *
 * `serval/http1` does no I/O: octets go in, parts of requests come out; responses go in, octets come out. Its input can be a
 * socket, a test or, as here, a file. Change an octet of the file and see what happens.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import {
  CONTENT,
  CONTENT_END,
  FieldLines,
  latin1,
  MESSAGE_HEAD,
  PAUSED,
  REJECTED,
  ServerConnection,
} from '../src/http1/index.ts';

/** TCP can cut a stream anywhere. Any other size gives the same parts, with other pieces of content. */
const SEGMENT_OCTETS = 100;

const connection = new ServerConnection();

const file = process.argv[2];
if (file === undefined) {
  console.error('usage: node build/examples/replay.js <file with the octets of a client>');
  process.exitCode = 2;
} else {
  replay(readFileSync(file));
}

/** A complete driver: pass on what has arrived, and take parts as long as there are any. */
function replay(captured: Uint8Array): void {
  for (let at = 0; at < captured.length; at += SEGMENT_OCTETS) {
    connection.receive(captured.subarray(at, at + SEGMENT_OCTETS));
    while (takePart());
  }
  const { inHead, requestIsComplete, buffered } = connection;
  if (inHead || !requestIsComplete) console.log('… more octets are needed');
  else if (buffered > 0) console.log(`${buffered} octets after the end of the connection are not decoded`);
}

/** Takes the next part of the input. @returns whether there may be another. */
function takePart(): boolean {
  switch (connection.next()) {
    case MESSAGE_HEAD:
      showHead();
      return true;
    case CONTENT:
      show('content', connection.content.length, textOf(connection.content));
      return true;
    case CONTENT_END: {
      const { names, values } = connection.trailers;
      for (const [index, name] of names.entries()) show('trailer field', name, values[index]!);
      return true;
    }
    case PAUSED:
      // The request is complete: the next one is decoded only after the response, and never after `close`.
      if (connection.responseIsComplete) return false;
      answer();
      return true;
    case REJECTED:
      // The broken rule is a value, not an exception, and the engine makes the response.
      show('refused', connection.rejection.reason, connection.rejection.section);
      showOctets(connection.refuse(connection.rejection, dateLine()));
      return false;
    default:
      return false; // NEED_OCTETS: all input has been decoded.
  }
}

function showHead(): void {
  const { method, form, path, authority, fields, framing } = connection.request!;
  console.log(`\nrequest ${connection.requestCount}`);
  show('method', method);
  show('target', path, `${form}-form`);
  show('authority', authority);
  // Names are case-insensitive and appear in lower case. Names and values are decoded here, on first use.
  for (const [index, name] of fields.names.entries()) show('field', name, fields.values[index]!);
  show('framing', framing.kind === 'length' ? `${framing.length} octets` : framing.kind);
}

/** Answers the current request. The engine chooses the framing for HEAD, HTTP/1.0 and `close`. */
function answer(): void {
  const { method, path } = connection.request!;
  const content = `You sent ${method} ${path}\n`;
  const fields = new FieldLines();
  fields.add('Content-Type', 'text/plain');
  let octets = connection.beginResponse({
    status: 200,
    reason: '',
    fields,
    contentLength: -1, // An unknown length: the response is chunked if the client understands that.
    dateLine: dateLine(),
    serverCloses: false,
  });
  if (connection.framing.kind !== 'none') {
    const encoder = connection.contentEncoder();
    octets += encoder.before(content.length) + content + encoder.after + encoder.end();
  }
  connection.endResponse();
  showOctets(octets);
  console.log(connection.persists ? 'the connection persists' : 'the connection closes');
}

function dateLine(): string {
  return `Date: ${new Date().toUTCString()}\r\n`;
}

function textOf(octets: Uint8Array): string {
  return latin1(octets, 0, octets.length);
}

function show(part: string, ...values: (string | number)[]): void {
  console.log(`  ${part.padEnd(14)} ${values.map((value) => JSON.stringify(value)).join('  ')}`);
}

/** Prints each line of the response with visible line ends. */
function showOctets(octets: string): void {
  console.log('response');
  for (const line of octets.split(/(?<=\n)/)) console.log(`  ${line.replace('\r', '␍').replace('\n', '␊')}`);
}
