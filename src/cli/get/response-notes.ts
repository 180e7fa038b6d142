/** What common response fields are for, in a few words, and where they are defined. */
import type { FieldNote } from '../../demo/field-notes.ts';

const note = (name: string, source: string, text: string): [string, FieldNote] => [
  name,
  { note: text, source },
];

const NOTES: ReadonlyMap<string, FieldNote> = new Map([
  note('accept-ranges', 'RFC 9110 §14.3', 'Parts of it can be asked for.'),
  note('age', 'RFC 9111 §5.1', 'Seconds since a cache got it.'),
  note('allow', 'RFC 9110 §10.2.1', 'The methods that it takes.'),
  note('cache-control', 'RFC 9111 §5.2', 'Who may keep it, and for how long.'),
  note('connection', 'RFC 9110 §7.6.1', 'What becomes of this connection.'),
  note('content-disposition', 'RFC 6266 §4', 'A name to save it under.'),
  note('content-encoding', 'RFC 9110 §8.4', 'How the content is compressed.'),
  note('content-length', 'RFC 9110 §8.6', 'Octets of content.'),
  note('content-range', 'RFC 9110 §14.4', 'Which part of the whole this is.'),
  note('content-security-policy', 'CSP Level 3', 'What a page may load and run.'),
  note('content-type', 'RFC 9110 §8.3', 'What the content is.'),
  note('date', 'RFC 9110 §6.6.1', 'When it was made.'),
  note('etag', 'RFC 9110 §8.8.3', 'The name of this version.'),
  note('expires', 'RFC 9111 §5.3', 'When it is stale.'),
  note('keep-alive', 'RFC 9112 §C.2.2', 'How long the connection stays open.'),
  note('last-modified', 'RFC 9110 §8.8.2', 'When it was changed.'),
  note('link', 'RFC 8288 §3', 'What belongs to it.'),
  note('location', 'RFC 9110 §10.2.2', 'Where to go, or what was made.'),
  note('retry-after', 'RFC 9110 §10.2.3', 'When to try again.'),
  note('server', 'RFC 9110 §10.2.4', 'The program that answers.'),
  note('set-cookie', 'RFC 6265 §4.1', 'To be sent back with later requests.'),
  note('strict-transport-security', 'RFC 6797 §6.1', 'Come back over https only.'),
  note('trailer', 'RFC 9110 §6.6.2', 'Fields that follow the content.'),
  note('transfer-encoding', 'RFC 9112 §6.1', 'How the content is delimited.'),
  note('upgrade', 'RFC 9110 §7.8', 'Other protocols it would speak.'),
  note('vary', 'RFC 9110 §12.5.5', 'The request fields it depends on.'),
  note('www-authenticate', 'RFC 9110 §11.6.1', 'How to say who you are.'),
  note('x-content-type-options', 'Fetch', 'The type is what it says.'),
]);

/** `undefined` for a field that is not among them. */
export function responseFieldNote(name: string): FieldNote | undefined {
  return NOTES.get(name.toLowerCase());
}
