/**
 * The intended differences between Serval and llhttp, each with the sentence that decides it. They are reviewed by hand; any
 * other difference is a fault.
 */
export interface Decision {
  readonly section: string;
  readonly sentence: string;
}

export interface StandIn extends Decision {
  readonly what: string;
  /** Removes the fault from an input, so that the rest of it can be judged. */
  apply(input: string): string;
}

const hasHost = (input: string) => /^host:/im.test(input);
const REQUEST_LINE = /^([A-Z-]+ (\S+) HTTP\/1\.1)\r\n/gm;

/**
 * Faults that many inputs have beside the one they test. Serval refuses all of them for these, so they are judged without.
 * The tables of `test/tcp/raw-cases/` test that the faults themselves are refused.
 */
export const STAND_INS: readonly StandIn[] = [
  {
    what: 'had no Host; one was added',
    section: 'RFC 9112 §3.2',
    sentence:
      'A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that lacks a Host header field',
    apply: (input) =>
      hasHost(input)
        ? input
        : input.replace(REQUEST_LINE, (_, line: string, target: string) => {
            const [, authority = 'a'] = /^http:\/\/(?:[^@/]*@)?([^/?]+)/.exec(target) ?? [];
            return `${line}\r\nHost: ${authority}\r\n`;
          }),
  },
  {
    what: 'had a fragment in the target; it was removed',
    section: 'RFC 9110 §7.1',
    sentence: "The target URI excludes the reference's fragment component, if any",
    apply: (input) => input.replace(/^([A-Z]+ [^ #\r\n]+)#[^ \r\n]*/gm, '$1'),
  },
];

const ANY_TOKEN: Decision = {
  section: 'RFC 9110 §9.1',
  sentence: 'method = token (the application answers unknown methods)',
};
const ONLY_HTTP: Decision = {
  section: 'RFC 9112 §2.3',
  sentence: 'HTTP-version = HTTP-name "/" DIGIT "." DIGIT; HTTP-name = %s"HTTP"',
};
const ONLY_OPTIONS: Decision = {
  section: 'RFC 9112 §3.2.4',
  sentence: 'The "asterisk-form" of request-target is only used for a server-wide OPTIONS request',
};
const ONLY_CHUNKED: Decision = {
  section: 'RFC 9112 §6.1',
  sentence:
    'A server that receives a request message with a transfer coding it does not understand SHOULD respond with 501 (Not Implemented)',
};

/** By the title of the case. */
export const DIFFERENCES: Readonly<Record<string, Decision>> = {
  'connection: No restart when keep-alive is off (1.0)': {
    section: 'RFC 9112 §9.3',
    sentence:
      'The connection will close after the current response (later octets are not parsed, and so not refused)',
  },
  'invalid: HTTP protocol and ANNOUNCE method': ANY_TOKEN,
  'invalid: Invalid method': ANY_TOKEN,
  'method: M-SEARCH request': ONLY_OPTIONS,
  'method: PRI request HTTP2': ONLY_OPTIONS,
  'method: SOURCE request with ICE': ONLY_HTTP,
  'method: OPTIONS request with RTSP': ONLY_HTTP,
  'method: ANNOUNCE request with RTSP': ONLY_HTTP,
  'uri: Quotes in URI': {
    section: 'RFC 3986 §3.3',
    sentence: 'pchar = unreserved / pct-encoded / sub-delims / ":" / "@"',
  },
  'sample: No HTTP version': {
    section: 'RFC 9112 §3',
    sentence: 'request-line = method SP request-target SP HTTP-version',
  },
  'transfer-encoding: POST with chunked as last transfer-encoding': ONLY_CHUNKED,
  'transfer-encoding: POST with chunked as last transfer-encoding (multiple headers)': ONLY_CHUNKED,
  'uri: host:port and basic auth': {
    section: 'RFC 9110 §4.2.4',
    sentence: 'a recipient SHOULD parse for userinfo and treat its presence as an error',
  },
};
