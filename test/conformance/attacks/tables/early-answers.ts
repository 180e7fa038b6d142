/** Smuggling by what a server does around an answer: expectations, upgrades, closing, faults found too late. */
import { type Attack, contentRefused, refused, SMUGGLED, served, servedLast } from '../attack.ts';

const N = SMUGGLED.length;
const H = 'Host: a\r\n';

export const EARLY_ANSWER_ATTACKS: readonly Attack[] = [
  {
    title:
      'RFC 9110 §10.1.1: after a final answer instead of 100 the connection ends, and nothing behind is read',
    attack: '0.CL with Expect',
    seen: 'HTTP/1.1 Must Die (2025), CVE-2024-24791 (Go)',
    each: [
      `Content-Length: ${N}\r\n\r\n${SMUGGLED}`,
      `Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`,
    ],
    raw: (rest) => `POST /discard HTTP/1.1\r\n${H}Expect: 100-continue\r\n${rest}`,
    outcome: servedLast('POST /discard', 'discarded'),
  },
  {
    title:
      'RFC 9110 §10.1.1: an expectation that only some understand is answered 417, and the connection ends',
    attack: 'obfuscated Expect',
    seen: 'HTTP/1.1 Must Die (2025)',
    each: [
      'y 100-continue',
      '100-continue y',
      '100-continue\r\nExpect: x',
      'x\r\nExpect: 100-continue',
      '100-continue;q=1',
      'x="100-continue, 100-continue"',
      '"100-continue"',
      '100-contin\xb5e',
    ],
    raw: (value) =>
      `POST /discard HTTP/1.1\r\n${H}Expect: ${value}\r\nContent-Length: ${N}\r\n\r\n${SMUGGLED}`,
    outcome: refused(417),
  },
  {
    title:
      'RFC 9110 §10.1.1: 100-continue that is listed twice, or among empty members, is one expectation, and content is content',
    attack: 'repeated Expect',
    seen: 'HTTP/1.1 Must Die (2025)',
    each: [
      '100-continue\r\nExpect: 100-continue',
      '100-continue, 100-continue',
      ',100-continue,',
      '\r\nExpect: 100-continue',
      '',
      ', ,',
    ],
    raw: (value) =>
      `POST /discard HTTP/1.1\r\n${H}Expect: ${value}\r\nContent-Length: ${N}\r\n\r\n${SMUGGLED}`,
    outcome: (value) =>
      value.includes('100') ? servedLast('POST /discard', 'discarded') : served('POST /discard', 'discarded'),
  },
  {
    title: 'RFC 9112 §5.2: an expectation with a fold behind it is answered 400',
    attack: 'OPTIONS with Expect and obs-fold',
    seen: 'CVE-2025-32094 (Akamai)',
    each: ['Expect: 100-continue\r\n ', 'Expect:\r\n 100-continue', 'Expect: 100-\r\n continue'],
    raw: (field) => `OPTIONS / HTTP/1.1\r\n${H}${field}\r\nContent-Length: ${N}\r\n\r\n${SMUGGLED}`,
    outcome: refused(),
  },
  {
    title: 'RFC 9112 §7.1: a chunk that turns out broken behind an early answer ends the connection',
    attack: 'continuing after a chunked fault',
    seen: 'CVE-2014-0227 (Tomcat), CVE-2022-22720 (Apache httpd), CVE-2025-30346 (Varnish)',
    each: ['5\r\nhelloXX', 'Z\r\n', '\r\n', '0x0\r\n\r\n', '0\r\n\n', '-1\r\n', '0\r\nX\r\n\r\n'],
    raw: (content) => `POST /discard HTTP/1.1\r\n${H}Transfer-Encoding: chunked\r\n\r\n${content}${SMUGGLED}`,
    outcome: { ...servedLast('POST /discard', 'discarded'), isAnsweredEarly: true },
  },
  {
    title: 'RFC 9112 §11.2: nothing behind a request that was refused is read, however sound it is',
    attack: 'pipelining behind an error',
    seen: 'CVE-2024-49768 (Waitress), CVE-2019-20372 (nginx)',
    each: [
      'GET / HTTP/1.1\r\nX : y\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      'GET / HTTP/9.1\r\nHost: a\r\n\r\n',
      'GARBAGE\r\n\r\n',
      `GET / HTTP/1.1\r\n${H}X: ${'y'.repeat(17_000)}\r\n\r\n`,
      `POST / HTTP/1.1\r\n${H}Content-Length: 99999999\r\n\r\n`,
      `POST / HTTP/1.1\r\n${H}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    ],
    raw: (request) => `${request}${SMUGGLED}${SMUGGLED}`,
    outcome: refused(400, 413, 431, 501, 505),
  },
  {
    title: 'RFC 9112 §9.6: close is final, wherever in the list it stands and in whatever case',
    attack: 'pipelining behind close',
    seen: 'CVE-2022-22720 (Apache httpd), proxies that reuse what the server has given up',
    each: [
      'Connection: close\r\n',
      'Connection: keep-alive, CLOSE\r\n',
      'Connection: ,,close ,\r\n',
      'Connection: keep-alive\r\nConnection: close\r\n',
      'Connection: close\r\nConnection: keep-alive\r\n',
      'Connection:\tClose\t, upgrade\r\nUpgrade: h2c\r\n',
    ],
    raw: (fields) => `GET / HTTP/1.1\r\n${H}${fields}\r\n${SMUGGLED}`,
    outcome: servedLast('GET /', 'hello'),
  },
  {
    title: 'RFC 9110 §7.8: an offer of h2c is ignored, and the octets behind it are not its frames',
    attack: 'h2c smuggling',
    seen: 'h2c Smuggling (2020), nginx, Nuster and others as proxies',
    each: ['Upgrade, HTTP2-Settings', 'upgrade', 'HTTP2-Settings'],
    raw: (options) =>
      `GET / HTTP/1.1\r\n${H}Connection: ${options}\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n` +
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0',
    outcome: { answers: [200, 505], handled: ['GET /'], connection: 'closed' },
  },
  {
    title:
      'RFC 9110 §9.3.6: where nobody takes CONNECT it is 501 and the end, and what was meant for the tunnel unread',
    attack: 'request tunnelling by CONNECT',
    seen: 'RFC 9931 (optimistic transitions), CVE-2026-56866 (Go)',
    each: [
      'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n',
      `CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nContent-Length: ${N}\r\n`,
    ],
    raw: (head) => `${head}\r\n${SMUGGLED}`,
    outcome: refused(501),
  },
  {
    title: 'RFC 9112 §8: a request cut short by the end of the connection is never a complete one',
    attack: 'truncation',
    seen: 'RFC 9112 §11.1; servers that took what had come for all there was',
    each: [
      `Content-Length: ${N + 1}\r\n\r\n${SMUGGLED}`,
      `Transfer-Encoding: chunked\r\n\r\n${N.toString(16)}\r\n${SMUGGLED}\r\n0\r\n`,
      `Transfer-Encoding: chunked\r\n\r\n${N.toString(16)}\r\n${SMUGGLED}\r\n0\r\nX: y\r\n`,
    ],
    raw: (rest) => `POST /echo HTTP/1.1\r\n${H}${rest}`,
    outcome: contentRefused('POST /echo'),
    finish: true,
  },
];
