/** The purpose of common response fields, in a few words, and the documents that define them. */
import type { FieldNote } from './field-notes.ts';

const note = (name: string, source: string, text: string): [string, FieldNote] => [
  name,
  { note: text, source },
];

const NOTES: ReadonlyMap<string, FieldNote> = new Map([
  note('accept-ranges', 'RFC 9110 §14.3', 'Clients can request parts of it.'),
  note('age', 'RFC 9111 §5.1', 'Seconds that it has been in caches.'),
  note('allow', 'RFC 9110 §10.2.1', 'The methods that the target supports.'),
  note('cache-control', 'RFC 9111 §5.2', 'Which caches may store it, and how long.'),
  note('connection', 'RFC 9110 §7.6.1', 'Options for this connection.'),
  note('content-disposition', 'RFC 6266 §4', 'A file name to save it as.'),
  note('content-encoding', 'RFC 9110 §8.4', 'How the content is compressed.'),
  note('content-length', 'RFC 9110 §8.6', 'Bytes of content.'),
  note('content-range', 'RFC 9110 §14.4', 'The part of the whole that this is.'),
  note('content-security-policy', 'CSP Level 3', 'What the page may load and run.'),
  note('content-type', 'RFC 9110 §8.3', 'The media type of the content.'),
  note('date', 'RFC 9110 §6.6.1', 'When the response was generated.'),
  note('etag', 'RFC 9110 §8.8.3', 'An identifier for this version.'),
  note('expires', 'RFC 9111 §5.3', 'When it becomes stale.'),
  note('keep-alive', 'RFC 9112 §C.2.2', 'How long the connection stays open.'),
  note('last-modified', 'RFC 9110 §8.8.2', 'When it was last changed.'),
  note('link', 'RFC 8288 §3', 'Related resources.'),
  note('location', 'RFC 9110 §10.2.2', 'The URL to go to, or of a new resource.'),
  note('retry-after', 'RFC 9110 §10.2.3', 'When to try again.'),
  note('sec-websocket-accept', 'RFC 6455 §11.3.3', 'The proof made of the key.'),
  note('sec-websocket-extensions', 'RFC 6455 §11.3.2', 'The extensions in use.'),
  note('sec-websocket-protocol', 'RFC 6455 §11.3.4', 'The chosen subprotocol.'),
  note('server', 'RFC 9110 §10.2.4', 'The software of the server.'),
  note('set-cookie', 'RFC 6265 §4.1', 'For the client to send back later.'),
  note('strict-transport-security', 'RFC 6797 §6.1', 'Use https only from now on.'),
  note('trailer', 'RFC 9110 §6.6.2', 'Fields that follow the content.'),
  note('transfer-encoding', 'RFC 9112 §6.1', 'How the content is delimited.'),
  note('upgrade', 'RFC 9110 §7.8', 'Other protocols the server supports.'),
  note('vary', 'RFC 9110 §12.5.5', 'The request fields it depends on.'),
  note('www-authenticate', 'RFC 9110 §11.6.1', 'How to authenticate.'),
  note('x-content-type-options', 'Fetch', 'Do not guess another media type.'),
]);

/** `undefined` for a field that is not among them. */
export function responseFieldNote(name: string): FieldNote | undefined {
  return NOTES.get(name.toLowerCase());
}
