/** Why tests of frameworks fail with Serval in the place of the server that they were written for. */

interface Difference {
  readonly suite: string;
  /** A part of the file's path, and what the test's name matches. */
  readonly file: string;
  readonly test: RegExp;
  readonly reason: string;
}

const NODE_OBJECTS =
  'The test uses the IncomingMessage or ServerResponse of node:http, which Serval does not have.';
const WHOLE_STREAM =
  'A stream that has ended when the head goes out gets a Content-Length instead of chunked coding (RFC 9112 §6.3).';
const ABORT_REASON =
  "The reason of an aborted request is the draft's TypeError with the code ERR_HTTP_CONNECTION_RESET, not an AbortError or ECONNRESET.";
const HOST = 'A server MUST answer 400 to an invalid Host (RFC 9112 §3.2). The peer replaces it.';
const ABSOLUTE_FORM =
  'An absolute-form that contradicts Host (RFC 9112 §3.2.2) or has userinfo (RFC 9110 §4.2.4) is refused with 400.';
const PIPE_OBJECT = 'An object with a pipe method is no body in the Fetch Standard.';
const EARLY_HEAD =
  'The head of a streamed response does not wait for the source, so an error of the source breaks the response off.';

const DIFFERENCES: readonly Difference[] = [
  { suite: '@hono/node-server', file: 'request-client-disconnect', test: /^/, reason: NODE_OBJECTS },
  {
    suite: '@hono/node-server',
    file: 'server.test',
    test: /incoming. and .outgoing/,
    reason: NODE_OBJECTS,
  },
  {
    suite: '@hono/node-server',
    file: 'server.test',
    test: /overrideGlobalObjects|Memory leak test/,
    reason: "The test looks at the peer's own classes.",
  },
  {
    suite: '@hono/node-server',
    file: 'serve-static',
    test: /Should return index\.html|onFound/,
    reason:
      "Fields that are set after c.body() arrive only with the peer's global Response. Hono's app.request() loses them, too.",
  },
  {
    suite: '@hono/node-server',
    file: 'serve-static',
    test: /mixed separators/,
    reason: 'A backslash in a path is refused with 400 (RFC 3986 §3.3).',
  },
  {
    suite: '@hono/node-server',
    file: 'server-socket',
    test: /graceful after body-limit sends 413/,
    reason: 'The reason phrase of 413 is "Content Too Large" (RFC 9110 §15.5.14).',
  },
  {
    suite: '@hono/node-server',
    file: 'server-socket',
    test: /autoCleanupIncoming: false/,
    reason: 'The test expects the peer to hang without its option autoCleanupIncoming. Serval does not hang.',
  },
  {
    suite: '@hono/node-server',
    file: 'server.test',
    test: /POST \/(no-body-consumed|body-cancelled)/,
    reason: 'A request with Content-Length: 0 has no body: request.body is null.',
  },
  {
    suite: '@hono/node-server',
    file: 'server.test',
    test: /GET \/blob/,
    reason: "Node 24's own Response does not tell the size of its Blob. Serval's Response does.",
  },
  {
    suite: '@hono/node-server',
    file: 'server.test',
    test: /readable-stream|JSON body - stream/,
    reason: WHOLE_STREAM,
  },
  {
    suite: '@hono/node-server',
    file: 'server.test',
    test: /text-with-content-length/,
    reason: 'Content-Length is sent as a number: 00011 becomes 11.',
  },
  {
    suite: '@hono/node-server',
    file: 'server.test',
    test: /HTTP2 .* GET \/url/,
    reason: 'The scheme https on a connection without TLS is 421 (RFC 9110 §7.4).',
  },
  {
    suite: 'srvx',
    file: 'node-client-disconnect',
    test: /a destroy without an error/,
    reason: NODE_OBJECTS,
  },
  {
    suite: 'srvx',
    file: 'node-client-disconnect',
    test: /^node .* body stream errors with the abort reason/,
    reason: 'The stream gives what has arrived first, and the error with the next read.',
  },
  { suite: 'srvx', file: 'node-client-disconnect', test: /^/, reason: ABORT_REASON },
  { suite: 'srvx', file: 'node.test', test: /abort request/, reason: ABORT_REASON },
  {
    suite: 'srvx',
    file: 'node-error-paths',
    test: /sync throw|async rejection|recovery survives/,
    reason: 'The default 500 has the content "Internal Server Error".',
  },
  {
    suite: 'srvx',
    file: 'node-error-paths',
    test: /invalid statusText/,
    reason: "An invalid statusText is the application's error, not sent in another form.",
  },
  {
    suite: 'srvx',
    file: 'node-error-paths',
    test: /toNodeHandler/,
    reason: "The test is of the peer's handler for node:http.",
  },
  { suite: 'srvx', file: 'node-host-header', test: /^malformed Host/, reason: HOST },
  { suite: 'srvx', file: 'node-host-header', test: /^absolute-form/, reason: ABSOLUTE_FORM },
  { suite: 'srvx', file: 'node.test', test: /absolute path|absolute-form/, reason: ABSOLUTE_FORM },
  {
    suite: 'srvx',
    file: 'node-request-formdata',
    test: /patchGlobalRequest/,
    reason: "The test is of the peer's patchGlobalRequest.",
  },
  {
    suite: 'srvx',
    file: 'node-streams',
    test: /before the first chunk destroys/,
    reason: 'The Readable is destroyed, but the iterator that reads it keeps a listener.',
  },
  { suite: 'srvx', file: 'node-streams', test: /returns 500/, reason: EARLY_HEAD },
  { suite: 'srvx', file: '', test: /duck-typed pipe object|pipe-style body/, reason: PIPE_OBJECT },
  { suite: 'h3', file: 'app', test: /Readable Stream with Error/, reason: EARLY_HEAD },
  { suite: 'h3', file: '', test: /Web Stream|empty iterator/, reason: WHOLE_STREAM },
  {
    suite: 'h3',
    file: '',
    test: /node middleware|fromNodeHandler|express|connect instance|connect middleware|wire encoding of req\.url/,
    reason: NODE_OBJECTS,
  },
  {
    suite: 'h3',
    file: 'security',
    test: /empty statusText/,
    reason: 'An empty statusText becomes the registered reason phrase (RFC 9112 §4).',
  },
  {
    suite: 'h3',
    file: 'static',
    test: /custom getType/,
    reason: 'The type of text is "text/plain;charset=UTF-8" (Fetch Standard); the peer adds a space.',
  },
  {
    suite: 'h3',
    file: 'status',
    test: /status 200 as default|override status and statusText/,
    reason:
      'The test compares all fields, Keep-Alive: timeout=5 among them. Serval says how long it really waits.',
  },
];

export function reasonFor(suite: string, file: string, test: string): string | undefined {
  return DIFFERENCES.find(
    (difference) =>
      difference.suite === suite && file.includes(difference.file) && difference.test.test(test),
  )?.reason;
}
