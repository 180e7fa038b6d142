/** The purpose of common request headers, in a few words, and the documents that define them. */
export interface FieldNote {
  readonly note: string;
  /** Such as `RFC 9110 §7.2`, or the name of another document. */
  readonly source: string;
}

/** The note for a header. Names are case-insensitive (RFC 9110 §5.1). */
export function fieldNote(name: string): FieldNote {
  return NOTES.get(name.toLowerCase()) ?? UNKNOWN;
}

/** The URL of a source. */
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
  ['Content Security Policy', 'https://www.w3.org/TR/CSP3/'],
  ['Referrer Policy', 'https://www.w3.org/TR/referrer-policy/'],
  ['Fetch nosniff', 'https://fetch.spec.whatwg.org/#x-content-type-options-header'],
  ['Trace Context', 'https://www.w3.org/TR/trace-context/'],
]);

const UNKNOWN: FieldNote = {
  note: 'Not a common header. Recipients ignore headers that they do not know.',
  source: 'RFC 9110 §5.1',
};

const NOTES: ReadonlyMap<string, FieldNote> = new Map([
  // Of the response
  field(
    'Content-Security-Policy',
    'Content Security Policy',
    'What the page may load and run: here its own style, and nothing else.',
  ),
  field('Referrer-Policy', 'Referrer Policy', 'To which sites the browser tells the address of this page.'),
  field(
    'X-Content-Type-Options',
    'Fetch nosniff',
    'nosniff: the browser must not guess another media type than the one in Content-Type.',
  ),
  // Routing and the connection
  field(
    'Host',
    'RFC 9110 §7.2',
    'The site that is requested. One address can serve many sites, so every HTTP/1.1 request names one.',
  ),
  field(
    'Connection',
    'RFC 9110 §7.6.1',
    'Options for this connection only, such as keeping it open for the next request, or closing it.',
  ),
  field('Keep-Alive', 'RFC 9112 §C.2.2', 'A relic of HTTP/1.0: how long the connection may stay open.'),
  field('Upgrade', 'RFC 9110 §7.8', 'Another protocol that the client would prefer on this connection.'),
  field('Sec-WebSocket-Version', 'RFC 6455 §11.3.5', 'The version of WebSocket: 13, the only one.'),
  field(
    'Sec-WebSocket-Key',
    'RFC 6455 §11.3.1',
    'The answer proves with it that the server knows WebSocket.',
  ),
  field('Sec-WebSocket-Protocol', 'RFC 6455 §11.3.4', 'The subprotocols that the client speaks.'),
  field('Sec-WebSocket-Extensions', 'RFC 6455 §11.3.2', 'The extensions that the client offers.'),
  field('Via', 'RFC 9110 §7.6.3', 'The proxies that forwarded this request.'),
  field('Forwarded', 'RFC 7239 §4', "The client's address, as reported by a proxy."),
  field(
    'X-Forwarded-For',
    'RFC 7239 §4',
    "The client's address, as reported by a proxy. Trust only your own.",
  ),
  field('X-Forwarded-Proto', 'RFC 7239 §4', 'Whether the proxy received the request over http or https.'),
  field('X-Forwarded-Host', 'RFC 7239 §4', 'The Host header that the proxy received.'),
  field('Max-Forwards', 'RFC 9110 §7.6.2', 'How many more proxies may forward the request.'),
  field('Alt-Used', 'RFC 7838 §5', 'The site named this server as an alternative, and the client chose it.'),

  // The client and its user
  field(
    'User-Agent',
    'RFC 9110 §10.1.5',
    'The program that sends the request. Browsers include the names of older browsers, so that sites accept them.',
  ),
  field('From', 'RFC 9110 §10.1.2', "The e-mail address of the client's operator; robots send it."),
  field('Referer', 'RFC 9110 §10.1.3', 'The page with the link. The name has been misspelled since 1996.'),
  field('Origin', 'Fetch', 'The site of the page that made this request, without the path.'),
  field(
    'Cookie',
    'RFC 6265 §5.4',
    'Data that the site stored in the browser. Hidden here, because cookies can give access to accounts.',
  ),
  field('Authorization', 'RFC 9110 §11.6.2', 'Credentials for this site. Hidden here.'),
  field('Proxy-Authorization', 'RFC 9110 §11.7.2', 'Credentials for a proxy. Hidden here.'),

  // What the client prefers
  field(
    'Accept',
    'RFC 9110 §12.5.1',
    'The media types that the client accepts. A q below 1 means: accepted, but less preferred.',
  ),
  field(
    'Accept-Charset',
    'RFC 9110 §12.5.2',
    'Character encodings. Deprecated, since all clients support UTF-8.',
  ),
  field(
    'Accept-Encoding',
    'RFC 9110 §12.5.3',
    'The compression methods that the client supports. Serval uses one if it saves bytes.',
  ),
  field('Accept-Language', 'RFC 9110 §12.5.4', 'The preferred languages, best first.'),
  field(
    'Priority',
    'RFC 9218 §5',
    'The urgency (u; 0 is the highest), and whether the client can use the response piece by piece (i).',
  ),
  field(
    'TE',
    'RFC 9110 §10.1.4',
    'The transfer codings that the client supports, and whether it accepts trailers.',
  ),
  field('Prefer', 'RFC 7240 §2', 'Preferences that the server may ignore.'),
  field('Save-Data', 'Save Data', 'The user asks for less data.'),

  // Caches and conditions
  field(
    'Cache-Control',
    'RFC 9111 §5.2',
    'Instructions for caches. max-age=0 and no-cache ask for a fresh response, as when you reload a page.',
  ),
  field('Pragma', 'RFC 9111 §5.4', 'no-cache, in the form of HTTP/1.0.'),
  field(
    'If-None-Match',
    'RFC 9110 §13.1.2',
    'Send the content only if it is none of these versions; otherwise 304.',
  ),
  field(
    'If-Match',
    'RFC 9110 §13.1.1',
    'Apply the method only if the current version is one of these. This prevents lost updates.',
  ),
  field(
    'If-Modified-Since',
    'RFC 9110 §13.1.3',
    'Send the content only if it changed after this date; otherwise 304.',
  ),
  field(
    'If-Unmodified-Since',
    'RFC 9110 §13.1.4',
    'Apply the method only if nothing changed after this date.',
  ),
  field('If-Range', 'RFC 9110 §13.1.5', 'Send the range if this is still the version; otherwise everything.'),
  field(
    'Range',
    'RFC 9110 §14.2',
    'Send only these bytes, for example to resume a download or to seek in a video.',
  ),

  // Content
  field('Content-Type', 'RFC 9110 §8.3', 'The media type of the content that follows the head.'),
  field('Content-Length', 'RFC 9110 §8.6', 'The number of bytes of content that follow the head.'),
  field('Content-Encoding', 'RFC 9110 §8.4', 'How the content is compressed.'),
  field(
    'Transfer-Encoding',
    'RFC 9112 §6.1',
    'How the content is framed on this connection, for example in chunks.',
  ),
  field(
    'Expect',
    'RFC 9110 §10.1.1',
    '100-continue: the client waits for a 100 response before it sends the content.',
  ),
  field('Date', 'RFC 9110 §6.6.1', 'When the message was created.'),

  // What browsers send so that sites can defend themselves
  field(
    'Sec-Fetch-Site',
    FETCH_METADATA,
    'The origin of the request. none: you typed the address or used a bookmark.',
  ),
  field('Sec-Fetch-Mode', FETCH_METADATA, 'The mode of the request. navigate: the browser opens a page.'),
  field('Sec-Fetch-User', FETCH_METADATA, '?1: a user action caused the request, not a script.'),
  field(
    'Sec-Fetch-Dest',
    FETCH_METADATA,
    'How the response will be used: as a document, an image, a script, …',
  ),
  field('Sec-Purpose', 'Fetch', 'prefetch: fetched in advance, in case you open it.'),
  field(
    'Upgrade-Insecure-Requests',
    'Upgrade Insecure Requests',
    '1: the browser prefers a redirect to https.',
  ),
  field('DNT', 'Tracking Preference', '1: do not track me. Abandoned, because sites ignored it.'),
  field(
    'Sec-GPC',
    'Global Privacy Control',
    '1: do not sell or share my data. Legally binding in some places.',
  ),

  // Client hints
  field(
    'Sec-CH-UA',
    CLIENT_HINTS,
    'The browser and its version, plus an invented browser, so that sites do not rely on fixed values.',
  ),
  field('Sec-CH-UA-Mobile', CLIENT_HINTS, '?1 on a phone, ?0 elsewhere.'),
  field('Sec-CH-UA-Platform', CLIENT_HINTS, 'The operating system.'),
  field('Sec-CH-UA-Platform-Version', CLIENT_HINTS, 'The version of the operating system.'),
  field('Sec-CH-UA-Arch', CLIENT_HINTS, 'The processor architecture.'),
  field('Sec-CH-UA-Bitness', CLIENT_HINTS, 'The word size of the processor.'),
  field('Sec-CH-UA-Model', CLIENT_HINTS, 'The model of the device.'),
  field('Sec-CH-UA-Full-Version-List', CLIENT_HINTS, 'The browser and its exact version.'),
  field(
    'Sec-CH-Prefers-Color-Scheme',
    'Media Queries Hints',
    'Whether the user prefers light or dark pages.',
  ),

  field('X-Requested-With', FIELD_REGISTRY, 'Marks requests of scripts.'),
  field('Traceparent', 'Trace Context', 'An identifier that follows a request through several programs.'),
]);

function field(name: string, source: string, note: string): [string, FieldNote] {
  return [name.toLowerCase(), { note, source }];
}

/** Parts of the names of headers that carry secrets. */
const SECRET_NAME =
  /cookie|auth|token|secret|password|passwd|api-?key|session|csrf|xsrf|jwt|signature|credential/i;

/** Whether the value may be a secret. It is hidden even from its sender, because people share their screens. */
export function isSecretField(name: string): boolean {
  return SECRET_NAME.test(name);
}
