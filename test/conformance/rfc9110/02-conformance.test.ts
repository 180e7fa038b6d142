/** RFC 9110 §2: whose versions are spoken, and how large an element may be. */
import { answer, refused, served, servedLast } from '../requirement.ts';
import { conformance } from '../run.ts';

conformance('RFC 9110, 2. Conformance', [
  {
    title: 'RFC 9110 §2.3: an element as long as a server itself would send is understood',
    raw: `GET /target?${'a'.repeat(4_000)} HTTP/1.1\r\nHost: a\r\nX: ${'b'.repeat(8_000)}\r\n\r\n`,
    ...served(`/target?${'a'.repeat(4_000)}`),
  },
  {
    title:
      'RFC 9110 §2.5: the answer has the highest version of the same major version that the server speaks',
    raw: 'GET / HTTP/1.0\r\nHost: a\r\n\r\n',
    ...servedLast('hello'),
  },
  {
    title: 'RFC 9110 §2.5: a higher minor version of HTTP/1 is served as HTTP/1.1',
    each: ['HTTP/1.2', 'HTTP/1.9'],
    raw: (version) => `GET / ${version}\r\nHost: a\r\n\r\n`,
    ...served('hello'),
  },
  {
    title: 'RFC 9110 §2.5: a major version that the server does not speak is answered 505',
    each: ['HTTP/0.9', 'HTTP/2.0', 'HTTP/3.1', 'HTTP/9.9'],
    raw: (version) => `GET / ${version}\r\nHost: a\r\n\r\n`,
    ...refused(505, 'VersionNotSupported'),
  },
  {
    title: 'RFC 9110 §2.5: a request of HTTP/0.9, without a version, is answered 400 in HTTP/1.1',
    raw: 'GET /\r\n',
    ...refused(400, 'TargetSyntax'),
  },
  {
    title: 'RFC 9110 §2.5: one connection may carry requests of both minor versions',
    raw: 'GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: answer('hello', { connection: 'keep-alive' }) + answer('hello'),
    end: 'open',
  },
]);
