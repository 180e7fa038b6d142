/** HTTP/1.0: a connection for each request, unless the client asks to keep it (RFC 9112 Appendix C.2.2). */
import { fieldOf, statusOf } from '../client/answer.ts';
import { type Experiment, requestHead, says } from '../experiment.ts';
import { framingOf, lackOf } from './persistence.ts';

const GROUP = 'Connections';

export const http10: Experiment = {
  ...{ name: 'http10', group: GROUP, title: 'HTTP/1.0' },
  summary: 'The response ends with the connection.',
  async run(bench) {
    const client = await bench.openHttp1();
    client.send(requestHead(bench, [], { version: '1.0' }));
    const answer = await client.answer();
    const lack = lackOf(answer);
    if (lack !== undefined) return [lack];
    const hasClosed = await client.link.serverCloses();
    const minor = answer.head!.minor;
    return [
      says(
        `The request named HTTP/1.0, and the answer, ${statusOf(answer)}, names HTTP/1.${minor}: a server states its own version, and uses only what the client knows.`,
        'RFC 9110 §2.5',
      ),
      hasClosed
        ? says(
            'Then the server closed the connection: HTTP/1.0 has one connection for each request.',
            'RFC 9112 §9.3',
          )
        : says(
            'The server kept the connection open although HTTP/1.0 closes by default. The client closed it.',
            'RFC 9112 §9.3',
          ),
      framingOf(answer),
      says('Chunks are not allowed in this response: HTTP/1.0 clients do not know them.', 'RFC 9112 §6.1'),
    ];
  },
};

export const http10KeepAlive: Experiment = {
  ...{ name: 'http10-keep-alive', group: GROUP, title: 'HTTP/1.0 with keep-alive' },
  summary: 'The client asks for one more.',
  async run(bench) {
    const client = await bench.openHttp1();
    const head = requestHead(bench, ['Connection: keep-alive'], { version: '1.0' });
    client.send(head);
    const first = await client.answer();
    const lack = lackOf(first);
    if (lack !== undefined) return [lack];
    const option = fieldOf(first, 'connection');
    if (!/\bkeep-alive\b/i.test(option)) {
      const hasClosed = await client.link.serverCloses();
      return [
        says(
          'The client asked for Connection: keep-alive, and the response does not say it.',
          'RFC 9112 §9.3',
        ),
        says(
          hasClosed
            ? 'So the server closed the connection after its response.'
            : 'So the client must not use the connection again.',
          'RFC 9112 §9.3',
        ),
        framingOf(first),
      ];
    }
    client.send(head);
    const second = await client.answer();
    return [
      says(
        `The client asked for Connection: keep-alive, and the response agreed: Connection: ${option}.`,
        'RFC 9112 §C.2.2',
      ),
      framingOf(first),
      second.head === undefined
        ? says('All the same, the connection ended before a second response.', 'RFC 9112 §9.3.1')
        : says(
            `So a second request on the same connection was answered ${statusOf(second)}.`,
            'RFC 9112 §9.3',
          ),
      says(
        'In HTTP/1.1 it is the other way round: connections persist unless one side says close.',
        'RFC 9112 §9.3',
      ),
    ];
  },
};
