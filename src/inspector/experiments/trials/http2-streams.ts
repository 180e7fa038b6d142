/** Ten requests at once on one connection: the streams of HTTP/2 (RFC 9113 §5). */
import type { Http2Client } from '../client/http2-client.ts';
import { type Experiment, milliseconds, says, USER_AGENT } from '../experiment.ts';

const STREAMS = 10;

export const http2Streams: Experiment = {
  ...{ name: 'http2-streams', group: 'Beyond HTTP/1.1', title: 'HTTP/2 with ten streams' },
  summary: 'At once, on one connection.',
  async run(bench) {
    const client = await bench.openHttp2();
    if (client === undefined)
      return [
        says(
          'The client offered h2 and http/1.1 by ALPN, and the server chose http/1.1: it does not speak HTTP/2.',
          'RFC 9113 §3.2',
        ),
      ];
    const { path, authority, isSecure } = bench;
    const startedAt = bench.now();
    for (let i = 0; i < STREAMS; i++) client.request({ path, authority, isSecure, userAgent: USER_AGENT });
    client.flush();
    const { answers } = client;
    await client.until(() => answers.every(({ endAt, reset }) => endAt !== undefined || reset !== undefined));
    const came = answers.filter(({ endAt }) => endAt !== undefined);
    client.end();
    if (!client.hasSettings) return [notHttp2(client, isSecure)];
    const statuses = [...new Set(came.map(({ status }) => status))].join(', ');
    const last = Math.max(...came.map(({ endAt }) => endAt!));
    const [first, tenth] = [answers[0]!, answers.at(-1)!];
    const reset = answers.find((answer) => answer.reset !== undefined);
    return [
      says(
        came.length === STREAMS
          ? `All ${STREAMS} requests left in one write, each on a stream with an odd number, and were answered ${statuses} in ${milliseconds(last - startedAt)}.`
          : `${STREAMS} requests left in one write, and ${came.length} were answered${reset ? `; stream ${reset.stream} was reset: ${reset.reset}` : ''}.`,
        'RFC 9113 §5.1.1',
      ),
      orderOf(client),
      says(
        `HPACK: the first request took ${first.blockLength} octets for its fields, the last one ${tenth.blockLength}: both sides keep a table of what was sent.`,
        'RFC 7541 §2.3',
      ),
      says(
        'A frame names its stream, so no response waits for another. Over HTTP/1.1 it takes ten connections for that.',
        'RFC 9113 §4.1',
      ),
      says(
        isSecure
          ? 'ALPN chose h2 within the TLS handshake: the choice cost no round trip.'
          : 'Without TLS, the client has to know that the server speaks HTTP/2: it began with the preface.',
        isSecure ? 'RFC 9113 §3.2' : 'RFC 9113 §3.3',
      ),
    ];
  },
};

/** Whether frames of one response came between those of another. */
function orderOf({ order }: Http2Client) {
  const runs = order.filter((stream, i) => stream !== order[i - 1]);
  const streams = new Set(order).size;
  if (runs.length > streams)
    return says(
      'Frames of several responses came mixed: each is sent as soon as it has something to send.',
      'RFC 9113 §5',
    );
  const isSorted = runs.every((stream, i) => i === 0 || stream > runs[i - 1]!);
  return isSorted
    ? says(
        'The responses came one behind the other, in the order of the requests: each was ready at once.',
        'RFC 9113 §5',
      )
    : says(
        'The responses came in another order than the requests: whichever was ready first.',
        'RFC 9113 §5',
      );
}

function notHttp2(client: Http2Client, isSecure: boolean) {
  if (client.failure !== undefined)
    return says(
      `What came was not HTTP/2: ${client.failure}. The server may speak HTTP/1 only.`,
      'RFC 9113 §3.4',
    );
  return says(
    isSecure
      ? 'The server chose h2 and ended the connection before its SETTINGS.'
      : 'The server closed the connection after the preface: it does not speak HTTP/2 without TLS.',
    'RFC 9113 §3.4',
  );
}
