/** The exit codes of curl, for scripts that were written for it. */
export const EXIT = {
  ok: 0,
  unsupportedProtocol: 1,
  misused: 2,
  malformedUrl: 3,
  unresolvedHost: 6,
  noConnection: 7,
  weirdReply: 8,
  partialFile: 18,
  httpError: 22,
  writeError: 23,
  readError: 26,
  timeout: 28,
  tlsHandshake: 35,
  redirects: 47,
  emptyReply: 52,
  receiveError: 56,
  badCertificate: 60,
  badContentCoding: 61,
  tooLarge: 63,
  badCertificateFile: 77,
} as const;

const CODES: Readonly<Record<string, number>> = {
  ERR_HTTP_CONNECT_ERROR: EXIT.noConnection,
  ERR_HTTP_TIMEOUT: EXIT.timeout,
  ERR_HTTP_PROTOCOL_ERROR: EXIT.weirdReply,
  ERR_HTTP_WEBSOCKET_REFUSED: EXIT.httpError,
  ERR_HTTP_REDIRECT: EXIT.redirects,
  ERR_HTTP_CONTENT_CODING: EXIT.badContentCoding,
  ERR_HTTP_CONTENT_TOO_LARGE: EXIT.tooLarge,
  ERR_HTTP_TLS_HANDSHAKE: EXIT.tlsHandshake,
  ERR_HTTP_TLS_CERTIFICATE: EXIT.badCertificate,
};

const UNRESOLVED = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']);

/** @param isAnswered whether the head of a response had arrived. */
export function exitCodeFor(error: unknown, isAnswered: boolean): number {
  const { code, cause, name } = error as { code?: unknown; cause?: { code?: unknown }; name?: unknown };
  if (code === 'ERR_HTTP_CONNECT_ERROR' && UNRESOLVED.has(String(cause?.code))) return EXIT.unresolvedHost;
  if (code === 'ERR_HTTP_CONNECTION_RESET') return isAnswered ? EXIT.partialFile : EXIT.emptyReply;
  if (name === 'TimeoutError') return EXIT.timeout;
  if (name === 'SyntaxError') return EXIT.malformedUrl;
  if (name === 'NotSupportedError') return EXIT.unsupportedProtocol;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') return EXIT.readError;
  return (typeof code === 'string' ? CODES[code] : undefined) ?? EXIT.receiveError;
}
