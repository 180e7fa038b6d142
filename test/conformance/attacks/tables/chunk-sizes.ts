/** What is not a chunk-size, and what is a larger one than it looks. */
import { type Attack, contentRefused, SMUGGLED, served } from '../attack.ts';

const C = 'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
const SIZE = SMUGGLED.length.toString(16);
const LAST = '0\r\n\r\n';

export const CHUNK_SIZE_ATTACKS: readonly Attack[] = [
  {
    title:
      'RFC 9112 §7.1: a chunk-size is hexadecimal digits, without the prefixes and separators of programming languages',
    attack: 'chunk-size with a sign, 0x or _',
    seen:
      'CVE-2022-24761 (Waitress), CVE-2022-24801 (Twisted), CVE-2023-38697 (protocol-http1), ' +
      'Tornado, aiohttp, Gunicorn, relayd, Pound, libevent and OpenLiteSpeed in the HTTP Garden',
    each: [
      `0x${SIZE}`,
      `0X${SIZE}`,
      `+${SIZE}`,
      `-${SIZE}`,
      '+0',
      '-0',
      '-0x0',
      '0x',
      `0_${SIZE}`,
      `_${SIZE}`,
      `${SIZE}_`,
      '2_3',
      `#${SIZE}`,
      `$${SIZE}`,
      `${SIZE}h`,
      `${SIZE}L`,
      `\\x${SIZE}`,
    ],
    raw: (size) => `${C}${size}\r\n${SMUGGLED}\r\n${LAST}${SMUGGLED}`,
    outcome: contentRefused('POST /echo'),
  },
  {
    title:
      'RFC 9112 §7.1: a chunk-size is not its longest valid beginning, nor what is left of it after trimming',
    attack: 'longest valid prefix',
    seen: 'H2O (picohttpparser), Akamai and Apache Traffic Server in the HTTP Garden, CVE-2024-53868 (Traffic Server)',
    each: [
      `${SIZE}Z`,
      'Z',
      'ZZZ',
      'g',
      `${SIZE},${SIZE}`,
      `${SIZE} ${SIZE}`,
      `${SIZE}.0`,
      `${SIZE}\0`,
      `\0${SIZE}`,
      ` ${SIZE}`,
      `\t${SIZE}`,
      `${SIZE} `,
      `${SIZE}\t`,
      `${SIZE}\v`,
      `\f${SIZE}`,
      `${SIZE}\xa0`,
      `\xef\xbb\xbf${SIZE}`,
      `\xb2\xb3`,
      `"${SIZE}"`,
      `${SIZE}:`,
      `${SIZE}=`,
    ],
    raw: (size) => `${C}${size}\r\n${SMUGGLED}\r\n${LAST}${SMUGGLED}`,
    outcome: contentRefused('POST /echo'),
  },
  {
    title: 'RFC 9112 §7.1: an empty chunk-size is not the last chunk, and an empty line ends no content',
    attack: 'empty chunk-size',
    seen: 'hyper (2023), Go issue 64517, Mongoose issue 2552 and OpenLiteSpeed in the HTTP Garden',
    each: ['\r\n\r\n', '\r\n', `1\r\nZ\r\n\r\n\r\n`, ';a=b\r\n\r\n', ';\r\n\r\n', `1\r\nZ\r\n;a\r\n\r\n`],
    raw: (content) => `${C}${content}${SMUGGLED}`,
    outcome: contentRefused('POST /echo'),
  },
  {
    title: 'RFC 9112 §7.1: a chunk-size is never taken modulo 2^32, 2^53 or 2^64, nor for a negative number',
    attack: 'chunk-size overflow',
    seen:
      'CVE-2002-0392 and CVE-2015-3183 (Apache httpd), CVE-2013-2028 (nginx), CVE-2017-7657 (Jetty), ' +
      'CVE-2021-32714 (hyper)',
    each: [
      `1000000${SIZE}`,
      `100000000000000${SIZE}`,
      `200000000000${SIZE}`,
      `80000000000000${SIZE}`,
      'FFFFFFFFFFFFFFFF',
      'FFFFFFFFFFFFFFDD',
      'FFFFFFFF',
      '7FFFFFFF',
      '80000023',
      `${'0'.repeat(64)}${SIZE}`,
      'F'.repeat(500),
    ],
    raw: (size) => `${C}${size}\r\n${SMUGGLED}\r\n${LAST}${SMUGGLED}`,
    outcome: contentRefused('POST /echo', 400, 413),
  },
  {
    title: 'RFC 9112 §7.1: a last chunk of any number of zeros, up to 16, is the last chunk',
    attack: '0 by another spelling',
    seen: 'Pound and relayd in the HTTP Garden, which passed on zeros that others read otherwise',
    each: ['0', '00', '0000000000000000', '000;a=b', '0 ; a'],
    raw: (size) => `${C}${SIZE}\r\n${SMUGGLED}\r\n${size}\r\n\r\n`,
    outcome: served('POST /echo', SMUGGLED),
  },
  {
    title: 'RFC 9112 §7.1: chunk-data that looks like the end of the content and a request is data',
    attack: 'a request inside a chunk',
    seen: 'every parser that searches for the end instead of counting',
    each: ['0\r\n\r\n', '\r\n0\r\n\r\n', '\r\n\r\n', '0\n\n', ''],
    raw: (end) => {
      const data = `${end}${SMUGGLED}${end}`;
      return `${C}${data.length.toString(16)}\r\n${data}\r\n${LAST}`;
    },
    outcome: (end) => served('POST /echo', `${end}${SMUGGLED}${end}`),
  },
];
