/** RFC 9110 §12: what Accept-Encoding chooses. What the codings make of content has tests of its own. */
import { DATE, GET, served } from '../requirement.ts';
import { conformance } from '../run.ts';

const CODED = 'GET /coded HTTP/1.1\r\nHost: a\r\n';
const IDENTITY = {
  answers: `HTTP/1.1 200 OK\r\ncontent-type: text/plain;charset=UTF-8\r\nvary: Accept-Encoding\r\n${DATE}Content-Length: 5\r\n\r\nhello`,
  end: 'open',
} as const;

conformance('RFC 9110, 12. Content Negotiation', [
  {
    title: 'RFC 9110 §12.5.3: without Accept-Encoding, or with an empty one, content is not coded',
    each: ['', 'Accept-Encoding:\r\n'],
    raw: (field) => `${CODED}${field}\r\n`,
    ...IDENTITY,
  },
  {
    title: 'RFC 9110 §12.5.3: a coding that is not among those accepted, or has weight 0, is not chosen',
    each: ['br', 'gzip;q=0', 'gzip;q=0.000, br', '*;q=0, identity', 'identity', 'identity;q=1, gzip;q=0.5'],
    raw: (codings) => `${CODED}Accept-Encoding: ${codings}\r\n\r\n`,
    ...IDENTITY,
  },
  {
    title: 'RFC 9110 §12.5.3: if no coding is acceptable, identity included, the answer is 406',
    each: ['*;q=0', 'gzip;q=0, identity;q=0', 'identity;q=0'],
    raw: (codings) => `${CODED}Accept-Encoding: ${codings}\r\n\r\n`,
    answers: `HTTP/1.1 406 Not Acceptable\r\nvary: Accept-Encoding\r\n${DATE}Content-Length: 0\r\n\r\n`,
    end: 'open',
  },
  {
    title:
      'RFC 9110 §12.5.5: an answer that Accept-Encoding could have changed says so in Vary, coded or not',
    raw: `${CODED}Accept-Encoding: identity\r\n\r\n`,
    ...IDENTITY,
  },
  {
    title: 'RFC 9110 §12.5.5: an answer that no field of the request could have changed has no Vary',
    raw: `${GET}Accept-Encoding: gzip\r\n\r\n`,
    ...served('hello'),
  },
]);
