/** RFC 9110 §7: which host a request is for, what is about this hop only, and other protocols. */
import { answer, DATE, GET, refused, served, servedLast, TEXT } from '../requirement.ts';
import { conformance } from '../run.ts';

const OFFER = `${GET}Connection: upgrade\r\nUpgrade: chat\r\n`;
const SWITCHED = `HTTP/1.1 101 Switching Protocols\r\nX-Tunnel: yes\r\n${DATE}Connection: upgrade\r\nUpgrade: chat\r\n\r\n`;

conformance('RFC 9110, 7. Routing HTTP Messages', [
  {
    title:
      'RFC 9110 §7.2: Host is uri-host with an optional port, else the request is answered 400 and closed',
    each: [
      '',
      'a:b',
      'a:-1',
      'a:65536',
      'a/',
      'a?b',
      'a#b',
      '[::1',
      '::1',
      '[g::1]',
      '%',
      ':80',
      'caf\xe9',
      'a,b',
      '<a>',
    ],
    raw: (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    ...refused(400, 'HostSyntax'),
  },
  {
    title: 'RFC 9110 §7.2: a name, an address and a bracketed address are hosts',
    each: ['a', 'a.b-c', '127.0.0.1:8080', '[::1]', '[::1]:65535', 'a:', 'xn--bcher-kva.example', 'a_b'],
    raw: (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9110 §7.4: a request for an https resource on a connection that is not secured is rejected',
    raw: 'GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n',
    ...refused(421, 'Misdirected'),
  },
  {
    title: 'RFC 9110 §7.4: a request for a resource of another scheme is answered 400 and closed',
    each: ['ftp://a/', 'ws://a/', 'file:///etc/passwd', 'httpx://a/'],
    raw: (target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`,
    ...refused(400, 'TargetSyntax'),
  },
  {
    title: 'RFC 9110 §7.5: each answer is to one request: the n-th to the n-th',
    raw: 'GET /target?1 HTTP/1.1\r\nHost: a\r\n\r\nGET /target?2 HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: answer('/target?1') + answer('/target?2'),
    end: 'open',
  },
  {
    title: 'RFC 9110 §7.6.1: connection options are case-insensitive',
    each: ['close', 'Close', 'CLOSE'],
    raw: (option) => `${GET}Connection: ${option}\r\n\r\n`,
    ...servedLast('hello'),
  },
  {
    title: 'RFC 9110 §7.6.1: fields about a hop that the handler gives are not sent: the hop is the server’s',
    raw: 'GET /hop HTTP/1.1\r\nHost: a\r\n\r\n',
    ...served('hello'),
  },
  {
    title: 'RFC 9110 §7.8: an offer that nobody takes is ignored',
    each: ['chat', 'websocket', 'h2c', 'HTTP/2.0', 'TLS/1.3, chat'],
    raw: (protocols) => `${GET}Connection: upgrade\r\nUpgrade: ${protocols}\r\n\r\n`,
    ...served('hello'),
  },
  {
    title:
      'RFC 9110 §7.8: a 101 answer has Upgrade and the connection option that goes with it, and no framing',
    application: 'tunnels',
    raw: [`${OFFER}\r\n`, 'through'],
    finish: true,
    answers: [SWITCHED, 'through'],
    end: 'fin',
    handled: ['Upgrade: chat /'],
  },
  {
    title: 'RFC 9110 §7.8: a protocol is switched to only if the client has named it: the first it has named',
    application: 'tunnels',
    raw: [`${GET}Connection: a, Upgrade\r\nUpgrade: Chat, other\r\n\r\n`, 'through'],
    finish: true,
    answers: [SWITCHED, 'through'],
    end: 'fin',
  },
  {
    title: 'RFC 9110 §7.8: Upgrade without the connection option is ignored',
    application: 'tunnels',
    each: ['', 'Connection: keep-alive\r\n', 'Connection: upgraded\r\n'],
    raw: (connection) => `${GET}${connection}Upgrade: chat\r\n\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9110 §7.8: Upgrade in an HTTP/1.0 request is ignored',
    application: 'tunnels',
    raw: 'GET / HTTP/1.0\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n',
    ...servedLast('hello'),
  },
  {
    title: 'RFC 9110 §7.8: the new protocol begins behind the whole request: its content is no part of it',
    application: 'tunnels',
    raw: [`${OFFER.replace('GET', 'POST')}Content-Length: 5\r\n\r\nhello`, 'through'],
    finish: true,
    answers: [SWITCHED, 'through'],
    end: 'fin',
  },
  {
    title: 'RFC 9110 §7.8: with Upgrade and Expect in one request, 100 comes before 101',
    application: 'tunnels',
    raw: [
      `${OFFER.replace('GET', 'POST')}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`,
      'hello',
      'through',
    ],
    finish: true,
    answers: ['HTTP/1.1 100 Continue\r\n\r\n', SWITCHED, 'through'],
    end: 'fin',
  },
  {
    title: 'RFC 9110 §7.8: octets of the new protocol may come with the request that offers it',
    application: 'tunnels',
    raw: `${OFFER}\r\nthrough`,
    finish: true,
    answers: `${SWITCHED}through`,
    end: 'fin',
    handled: ['Upgrade: chat /'],
  },
  {
    title: 'RFC 9110 §7.8: who answers with Upgrade also sends the connection option',
    raw: 'GET /upgrade-required HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: `HTTP/1.1 426 Upgrade Required\r\nUpgrade: chat\r\n${TEXT}${DATE}Content-Length: 5\r\nConnection: upgrade\r\n\r\nhello`,
    end: 'open',
  },
]);
