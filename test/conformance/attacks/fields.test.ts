/** Attacks on field lines: names with what no name may have, values that hide something, names that mean something. */

import { type Attack, refused, SMUGGLED, served } from './attack.ts';
import { testAttacks } from './attack-runner.ts';

const GET = 'GET /headers HTTP/1.1\r\nHost: a\r\n';

const FIELD_ATTACKS: readonly Attack[] = [
  {
    title: 'RFC 9112 §5.1: white space between name and colon is refused, whatever the field',
    attack: 'space before the colon',
    seen:
      'CVE-2019-16276 (Go), CVE-2019-16869 (Netty), CVE-2021-22959 (Node.js), CVE-2019-18678 (Squid), ' +
      'CVE-2023-40518 (OpenLiteSpeed), Gunicorn and aiohttp in the HTTP Garden',
    each: [
      'Host : b',
      'Host\t: b',
      'Connection : close',
      'Expect : 100-continue',
      'X  : y',
      'X\v: y',
      'X\f: y',
      'X\x85: y',
      'X\xa0: y',
      'Content-Length\x85: 35',
      'Content-Length\xa0: 35',
      'Transfer-Encoding\t \t: chunked',
    ],
    raw: (field) => `${GET}${field}\r\n\r\n${SMUGGLED}`,
    outcome: refused(),
  },
  {
    title: 'RFC 9110 §5.1: NUL, controls, separators and obs-text in a field name are refused',
    attack: 'octets that end or change a name',
    seen:
      'CVE-2021-43797 (Netty), CVE-2019-9900 (Envoy), CVE-2020-8201 (Node.js), ' +
      'OpenLiteSpeed, Tornado, Mongoose and relayd in the HTTP Garden',
    each: [
      'Con\0tent-Length: 35',
      'Content-Length\0: 35',
      'Content-Length\0X: 35',
      '\0Content-Length: 35',
      'Content\rLength: 35',
      'Content-Lengt\xe8: 35',
      '\xffoo: bar',
      'Content-Length(x): 35',
      'Content-Length,X: 35',
      'Content-Length;: 35',
      'Content-Length= 35: x',
      '"Content-Length": 35',
      '<X>: y',
      '[X]: y',
      '{X}: y',
      'X/Y: z',
      'X\\Y: z',
      'X@Y: z',
      'X?: y',
      '\x1fX: y',
      'X\x7f: y',
      '\b\bX: y',
    ],
    raw: (field) => `${GET}${field}\r\n\r\n${SMUGGLED}`,
    outcome: refused(),
  },
  {
    title: 'RFC 9112 §5.1: a field line without a name neither ends the head nor is skipped',
    attack: 'empty field name',
    seen: 'CVE-2023-25725 (HAProxy), Go issue 65244, llhttp issue 257, Mongoose issue 2275, Tornado and Gunicorn',
    each: [
      ':\r\n',
      ': y\r\n',
      ':\r\nContent-Length: 35\r\n',
      ':: y\r\n',
      ' : y\r\n',
      ':\tContent-Length: 35\r\n',
    ],
    raw: (fields) => `${GET}${fields}\r\n${SMUGGLED}`,
    outcome: refused(),
  },
  {
    title: 'RFC 9112 §5.1: a line without a colon is no field line, and belongs to no other',
    attack: 'no colon',
    seen: 'CVE-2019-20444 (Netty), Mongoose issue 2293, Passenger, relayd and OpenLiteSpeed in the HTTP Garden',
    each: [
      'Content-Length 35',
      'Content-Length=35',
      'Transfer-Encoding\tchunked',
      'Transfer-\r\nEncoding: chunked',
      'X',
      'X\r\nContent-Length: 35',
      'c\0',
      SMUGGLED.slice(0, -4),
      '--boundary',
    ],
    raw: (line) => `${GET}${line}\r\n\r\n${SMUGGLED}`,
    outcome: refused(),
  },
  {
    title:
      'RFC 9110 §5.5: NUL, CR, LF and other controls in a value are refused, not cut off and not passed on',
    attack: 'octets that end or split a value',
    seen: 'CVE-2019-9900 (Envoy), HAProxy (2024), Gunicorn, aiohttp, Tornado and OpenLiteSpeed in the HTTP Garden',
    each: [
      'y\0',
      '\0y',
      'y\0z',
      '\0',
      'v\n\0\ralue',
      'x\n\r\0',
      'y\b',
      'y\x1b[2J',
      'y\x7f',
      '\x01',
      'y\x0b',
      '\x0cy',
      '\x1c',
      '\x1e',
    ],
    raw: (value) => `${GET}X: ${value}\r\n\r\n${SMUGGLED}`,
    outcome: refused(),
  },
  {
    title: 'RFC 9110 §5.5: a control hides nothing in the fields that route, either',
    attack: 'NUL in Host and Connection',
    seen: 'HAProxy (2024), CVE-2019-9900 (Envoy)',
    each: [
      'Host: a\0.b',
      'Host: \0a',
      'Host: a\x7f',
      'Host: a\r\nConnection: close\0',
      'Host: a\r\nExpect: 100-continue\0',
    ],
    raw: (fields) => `GET / HTTP/1.1\r\n${fields}\r\n\r\n${SMUGGLED}`,
    outcome: refused(),
  },
  {
    title:
      'RFC 9110 §5.1: names with underscores and with hyphens are different fields, told apart for the handler',
    attack: 'header name underscore confusion',
    seen: 'CVE-2015-0219 (Django), CVE-2024-45614 (Puma), nginx underscores_in_headers',
    each: ['X_Forwarded_For', 'X_User', 'Remote_User', 'x_real_ip'],
    raw: (name) => `${GET}${name}: 1\r\n${name.replaceAll('_', '-')}: 2\r\n\r\n`,
    outcome: (name) => {
      const lower = name.toLowerCase();
      const fields = [
        ['host', 'a'],
        [lower, '1'],
        [lower.replaceAll('_', '-'), '2'],
      ];
      // A `Headers` lists its fields in the order of their names.
      fields.sort(([one], [other]) => (one! < other! ? -1 : 1));
      return served('GET /headers', JSON.stringify(fields));
    },
  },
  {
    title:
      'RFC 9110 §5.1: a field named after something of JavaScript changes nothing, for this request or the next',
    attack: 'prototype pollution by field names',
    seen: 'qs and other parsers that keep names in plain objects; CVE-2022-24999 (qs)',
    each: [
      '__proto__: polluted',
      'constructor: polluted',
      '__proto__: a\r\n__proto__: b',
      'prototype: {"x":1}',
      'length: 0',
    ],
    raw: (fields) => `GET / HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\nGET /headers HTTP/1.1\r\nHost: a\r\n\r\n`,
    outcome: {
      answers: [200, 200],
      handled: ['GET /', 'GET /headers'],
      connection: 'open',
      content: 'hello',
    },
  },
  {
    title:
      'RFC 9110 §5.1: a name that is an index, an accessor or a __proto__ is in the headers like any other',
    attack: 'array-like and special names',
    seen: 'objects used as maps',
    each: [
      '__proto__',
      '0',
      '-1',
      '4294967295',
      'constructor',
      'then',
      'valueof',
      '__definegetter__',
      'tojson',
    ],
    raw: (name) => `GET /headers HTTP/1.1\r\nHost: a\r\n${name}: y\r\n\r\n`,
    outcome: (name) => {
      const fields = [
        ['host', 'a'],
        [name, 'y'],
      ].sort(([one], [other]) => (one! < other! ? -1 : 1));
      return served('GET /headers', JSON.stringify(fields));
    },
  },
];

await testAttacks('field lines', FIELD_ATTACKS);
