/** What common request fields are for, in a few words, and where they are defined. */
export interface FieldNote {
  readonly note: string;
  /** `RFC 9110 §7.2`, or the name of a document that is not an RFC. */
  readonly source: string;
}

/** The note for a field, whatever the case of its name (RFC 9110 §5.1: names are case-insensitive). */
export function fieldNote(name: string): FieldNote {
  return NOTES.get(name.toLowerCase()) ?? UNKNOWN;
}

/** Where a source can be read. */
export function sourceUrl(source: string): string {
  const rfc = /^RFC (\d+)(?: §([\w.]+))?$/.exec(source);
  if (rfc === null) return DOCUMENTS.get(source) ?? 'https://www.iana.org/assignments/http-fields/';
  const section = rfc[2];
  if (section === undefined) return `https://www.rfc-editor.org/rfc/rfc${rfc[1]}`;
  const anchor = /^\d/.test(section) ? 'section' : 'appendix';
  return `https://www.rfc-editor.org/rfc/rfc${rfc[1]}#${anchor}-${section}`;
}

const FETCH_METADATA = 'Fetch Metadata';
const CLIENT_HINTS = 'User-Agent Client Hints';
const FIELD_REGISTRY = 'IANA field names';

const DOCUMENTS: ReadonlyMap<string, string> = new Map([
  [FETCH_METADATA, 'https://www.w3.org/TR/fetch-metadata/'],
  [CLIENT_HINTS, 'https://wicg.github.io/ua-client-hints/'],
  ['Upgrade Insecure Requests', 'https://www.w3.org/TR/upgrade-insecure-requests/'],
  ['Tracking Preference', 'https://www.w3.org/TR/tracking-dnt/'],
  ['Global Privacy Control', 'https://www.w3.org/TR/gpc/'],
  ['Fetch', 'https://fetch.spec.whatwg.org/#origin-header'],
  ['Media Queries Hints', 'https://wicg.github.io/user-preference-media-features-headers/'],
  ['Save Data', 'https://wicg.github.io/savedata/'],
  ['Trace Context', 'https://www.w3.org/TR/trace-context/'],
]);

const UNKNOWN: FieldNote = {
  note: 'Not one of the common fields. A recipient that does not know a field leaves it alone.',
  source: 'RFC 9110 §5.1',
};

const NOTES: ReadonlyMap<string, FieldNote> = new Map([
  // Routing and the connection
  field(
    'Host',
    'RFC 9110 §7.2',
    'Which site you want. One address can serve many, so every 1.1 request names one.',
  ),
  field(
    'Connection',
    'RFC 9110 §7.6.1',
    'Wishes for this connection alone: keep it open for the next request, or close it.',
  ),
  field('Keep-Alive', 'RFC 9112 §C.2.2', 'A leftover of HTTP/1.0: how long the connection might stay open.'),
  field('Upgrade', 'RFC 9110 §7.8', 'Another protocol the client would rather speak on this connection.'),
  field('Via', 'RFC 9110 §7.6.3', 'The proxies this request came through.'),
  field('Forwarded', 'RFC 7239 §4', 'Who a proxy says the request came from.'),
  field('X-Forwarded-For', 'RFC 7239 §4', 'Who a proxy says the client is. Only trust your own proxy.'),
  field('X-Forwarded-Proto', 'RFC 7239 §4', 'Whether a proxy received this over http or https.'),
  field('X-Forwarded-Host', 'RFC 7239 §4', 'The Host a proxy received.'),
  field('Max-Forwards', 'RFC 9110 §7.6.2', 'How many proxies may still pass this on.'),
  field(
    'Alt-Used',
    'RFC 7838 §5',
    'The client came here because the site named this server as an alternative.',
  ),

  // Who is asking
  field(
    'User-Agent',
    'RFC 9110 §10.1.5',
    'The program that asks. Browsers carry decades of other browsers’ names, so that no site turns them away.',
  ),
  field('From', 'RFC 9110 §10.1.2', 'An e-mail address of whoever runs the client; robots use it.'),
  field('Referer', 'RFC 9110 §10.1.3', 'The page the link was on. The name has been misspelt since 1996.'),
  field('Origin', 'Fetch', 'The site whose page made this request, without the path.'),
  field(
    'Cookie',
    'RFC 6265 §5.4',
    'What the site asked the browser to remember. Hidden here: cookies are keys.',
  ),
  field('Authorization', 'RFC 9110 §11.6.2', 'Credentials for this site. Hidden here.'),
  field('Proxy-Authorization', 'RFC 9110 §11.7.2', 'Credentials for a proxy on the way. Hidden here.'),

  // What would be welcome
  field(
    'Accept',
    'RFC 9110 §12.5.1',
    'The media types the client can use. A q below 1 means: acceptable, but less welcome.',
  ),
  field('Accept-Charset', 'RFC 9110 §12.5.2', 'Character encodings. Deprecated: everybody speaks UTF-8.'),
  field(
    'Accept-Encoding',
    'RFC 9110 §12.5.3',
    'The compressions the client can undo. Serval picks one when it pays.',
  ),
  field('Accept-Language', 'RFC 9110 §12.5.4', 'The languages the reader prefers, best first.'),
  field(
    'Priority',
    'RFC 9218 §5',
    'How urgent this is (u, 0 is first) and whether pieces are useful as they come (i).',
  ),
  field('TE', 'RFC 9110 §10.1.4', 'Transfer codings the client understands, and whether it wants trailers.'),
  field('Prefer', 'RFC 7240 §2', 'Wishes the server may grant or ignore.'),
  field('Save-Data', 'Save Data', 'The reader pays for every octet: send less.'),

  // Caches and conditions
  field(
    'Cache-Control',
    'RFC 9111 §5.2',
    'Orders for caches. max-age=0 and no-cache ask for a fresh answer: a reload.',
  ),
  field('Pragma', 'RFC 9111 §5.4', 'no-cache, as it was said to HTTP/1.0 caches.'),
  field(
    'If-None-Match',
    'RFC 9110 §13.1.2',
    'Send the content only if it is none of these versions; else 304.',
  ),
  field(
    'If-Match',
    'RFC 9110 §13.1.1',
    'Do it only if the current version is one of these: no lost updates.',
  ),
  field(
    'If-Modified-Since',
    'RFC 9110 §13.1.3',
    'Send the content only if it changed after this date; else 304.',
  ),
  field('If-Unmodified-Since', 'RFC 9110 §13.1.4', 'Do it only if nothing changed after this date.'),
  field('If-Range', 'RFC 9110 §13.1.5', 'Send the range if this is still the version; else the whole.'),
  field('Range', 'RFC 9110 §14.2', 'Only these octets, please: a resumed download, a seek in a video.'),

  // Content
  field('Content-Type', 'RFC 9110 §8.3', 'What kind of content follows the head.'),
  field('Content-Length', 'RFC 9110 §8.6', 'How many octets of content follow the head.'),
  field('Content-Encoding', 'RFC 9110 §8.4', 'How the content is compressed.'),
  field(
    'Transfer-Encoding',
    'RFC 9112 §6.1',
    'How the content is framed on this connection, for example in chunks.',
  ),
  field('Expect', 'RFC 9110 §10.1.1', '100-continue: tell me whether you want the content before I send it.'),
  field('Date', 'RFC 9110 §6.6.1', 'When the message was made.'),

  // What browsers tell so that sites can defend themselves
  field('Sec-Fetch-Site', FETCH_METADATA, 'Who caused the request: none is you, typing or using a bookmark.'),
  field('Sec-Fetch-Mode', FETCH_METADATA, 'How it is asked: navigate is a page to go to.'),
  field('Sec-Fetch-User', FETCH_METADATA, '?1: a person did this, not a script.'),
  field('Sec-Fetch-Dest', FETCH_METADATA, 'What the answer becomes: a document, an image, a script.'),
  field('Sec-Purpose', 'Fetch', 'prefetch: fetched early, in case you go there.'),
  field(
    'Upgrade-Insecure-Requests',
    'Upgrade Insecure Requests',
    '1: the browser would gladly be sent to https instead.',
  ),
  field('DNT', 'Tracking Preference', '1: please do not track me. Nobody had to listen, so it was given up.'),
  field(
    'Sec-GPC',
    'Global Privacy Control',
    '1: do not sell or share my data. In some places that is binding.',
  ),

  // Client hints
  field(
    'Sec-CH-UA',
    CLIENT_HINTS,
    'The browser and its version, with a made-up one so that sites read it with care.',
  ),
  field('Sec-CH-UA-Mobile', CLIENT_HINTS, '?1 on a phone, ?0 elsewhere.'),
  field('Sec-CH-UA-Platform', CLIENT_HINTS, 'The operating system.'),
  field('Sec-CH-UA-Platform-Version', CLIENT_HINTS, 'The version of the operating system.'),
  field('Sec-CH-UA-Arch', CLIENT_HINTS, 'The kind of processor.'),
  field('Sec-CH-UA-Bitness', CLIENT_HINTS, 'How wide the processor is.'),
  field('Sec-CH-UA-Model', CLIENT_HINTS, 'The model of the device.'),
  field('Sec-CH-UA-Full-Version-List', CLIENT_HINTS, 'The browser and its exact version.'),
  field(
    'Sec-CH-Prefers-Color-Scheme',
    'Media Queries Hints',
    'Whether the reader prefers light or dark pages.',
  ),

  field('X-Requested-With', FIELD_REGISTRY, 'A script’s way to say that it is a script.'),
  field('Traceparent', 'Trace Context', 'A number that follows one request through many programs.'),
]);

function field(name: string, source: string, note: string): [string, FieldNote] {
  return [name.toLowerCase(), { note, source }];
}

/** Parts of names under which programs send keys, beside the two the RFC names. */
const SECRET_NAME =
  /cookie|auth|token|secret|password|passwd|api-?key|session|csrf|xsrf|jwt|signature|credential/i;

/** Whether the value of this field may be a key, and must not be shown, not even to its sender: people share screens. */
export function isSecretField(name: string): boolean {
  return SECRET_NAME.test(name);
}
