/** RFC 9112 §5: field lines, the white space around values, and lines that are folded. */
import { CHUNKED, contentRefused, GET, plain, refused, served } from '../requirement.ts';
import { conformance } from '../run.ts';

const FIELDS = 'GET /fields HTTP/1.1\r\nHost: a\r\n';

conformance('RFC 9112, 5. Field Syntax', [
  {
    title: 'RFC 9112 §5: a field line is a name, a colon and a value, which may be empty',
    raw: `${FIELDS}X:y\r\nEmpty:\r\nColons: a:b: c\r\n\r\n`,
    ...served('colons: a:b: c\nempty: \nhost: a\nx: y\n'),
  },
  {
    title: 'RFC 9112 §5: a line without a colon, or with no name before it, is answered 400 and closed',
    each: ['X', 'X y', ': y', ':', 'Transfer-Encoding chunked'],
    raw: (line) => `${GET}${line}\r\n\r\n`,
    ...refused(400, 'FieldNameSyntax'),
  },
  {
    title: 'RFC 9112 §5.1: white space between a field name and the colon is answered 400 and closed',
    each: ['X : y', 'X\t: y', 'Transfer-Encoding : chunked', 'Content-Length : 5', 'X\x0b: y'],
    raw: (line) => `${GET}${line}\r\n\r\n`,
    ...refused(400, 'FieldNameSyntax'),
  },
  {
    title: 'RFC 9112 §5.1: white space around a value is no part of it; inside it is',
    each: ['X: a \t b', 'X:a \t b', 'X: \t\ta \t b\t \t', 'X:  a \t b '],
    raw: (line) => `${FIELDS}${line}\r\n\r\n`,
    ...served('host: a\nx: a \t b\n'),
  },
  {
    title: 'RFC 9112 §5.1: white space is SP and HTAB: another octet that looks like it is part of the value',
    raw: `${FIELDS}X: \xa0a\xa0\r\n\r\n`,
    ...served('host: a\nx: \xc2\xa0a\xc2\xa0\n', {}),
  },
  {
    title: 'RFC 9112 §5.2: a folded field line is answered 400 and closed',
    each: ['X: a\r\n b', 'X: a\r\n\tb', 'X:\r\n a', 'X: a\r\n \r\nY: b', 'X: a\r\n '],
    raw: (lines) => `${GET}${lines}\r\n\r\n`,
    ...refused(400, 'ObsoleteFolding'),
  },
  {
    title: 'RFC 9112 §5.2: a folded Transfer-Encoding, Content-Length or Host is answered 400 and closed',
    each: ['Transfer-Encoding:\r\n chunked', 'Content-Length: 1\r\n 0', 'Connection: a\r\n\tclose'],
    raw: (lines) => `${GET}${lines}\r\n\r\n`,
    ...refused(400, 'ObsoleteFolding'),
  },
  {
    title: 'RFC 9112 §5.2: a folded line in a trailer section is answered 400 and closed',
    raw: `${CHUNKED}0\r\nX: a\r\n b\r\n\r\n`,
    ...contentRefused(400, 'ObsoleteFolding'),
  },
  {
    title: 'RFC 9112 §5.2: no folded line is ever sent: a value of the handler with CRLF in it is a 500',
    raw: 'GET /splitting HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: plain(500, 'Internal Server Error\n'),
    end: 'open',
  },
]);
