/** A WebSocket: an upgrade of HTTP/1.1, a message there and back, and its close (RFC 6455). */
import { acceptFor } from '../../../websocket/accept-key.ts';
import { fieldOf, statusOf } from '../client/answer.ts';
import { type Bench, type Experiment, milliseconds, requestHead, says } from '../experiment.ts';
import { lackOf } from './persistence.ts';

/** The example of RFC 6455 §1.2. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const MESSAGE = 'Hello';
const PATIENCE_MS = 1_000;
/** Where serval demo has one. */
const ECHO = '/echo';

export const webSocket: Experiment = {
  ...{ name: 'websocket', group: 'Beyond HTTP/1.1', title: 'A WebSocket' },
  summary: 'Upgrade, message, close.',
  async run(bench) {
    const first = await attempt(bench, bench.path);
    const isElsewhere = first.status !== 101 && bench.path === '/';
    const { status, answer, end, at, path } = isElsewhere ? await attempt(bench, ECHO) : first;
    if (status !== 101) {
      const lack = lackOf(answer);
      if (lack !== undefined) return [lack];
      return refusal(status, fieldOf(answer, 'upgrade'), isElsewhere ? `/ and ${ECHO}` : path);
    }
    const accept = fieldOf(answer, 'sec-websocket-accept');
    const sentAt = bench.now();
    end.text(MESSAGE);
    await Promise.race([end.message, bench.pause(PATIENCE_MS)]);
    const { isEcho, messageAt } = end;
    end.close(1000);
    await Promise.race([end.closed, bench.pause(PATIENCE_MS)]);
    return [
      says(
        `${path} answered 101 (Switching Protocols) in ${milliseconds(answer.headAt - at)}. From the empty line on, the connection speaks WebSocket.`,
        'RFC 9110 §15.2.2',
      ),
      accept === acceptFor(KEY)
        ? says(
            'Sec-WebSocket-Accept is the SHA-1 of the client’s key and a fixed text: a server that knows no WebSocket cannot guess it.',
            'RFC 6455 §1.3',
          )
        : says('Sec-WebSocket-Accept is wrong: a browser would close the connection.', 'RFC 6455 §4.1'),
      says(
        'The client’s frame has 2 octets of head and a mask of 4, so that no proxy takes its content for HTTP. Servers do not mask.',
        'RFC 6455 §5.3',
      ),
      messageAt === undefined
        ? says(
            'No message came back within a second: what a server does with messages is its own affair.',
            'RFC 6455 §5.6',
          )
        : says(
            `${isEcho ? 'The message came back' : 'A message came'} ${milliseconds(messageAt - sentAt)} later, without another request.`,
            'RFC 6455 §5.6',
          ),
      end.closeCode === undefined
        ? says('The close frame was not answered within a second.', 'RFC 6455 §5.5.1')
        : says(
            `Both sides said close (${end.closeCode}), so both know that the other wanted the end.`,
            'RFC 6455 §7.1.2',
          ),
    ];
  },
};

async function attempt(bench: Bench, path: string) {
  const client = await bench.openHttp1();
  const end = client.webSocket();
  const fields = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${KEY}`,
  ];
  const at = bench.now();
  client.send(requestHead(bench, fields, { target: path }));
  const answer = await client.answer('GET', (octets, entry) => end.receive(octets, entry));
  const status = statusOf(answer);
  if (status !== 101) client.link.end();
  return { status, answer, end, at, path };
}

function refusal(status: number, offered: string, paths: string) {
  const upgrade = says(
    'An upgrade is an offer: a server may answer as if it had not been there.',
    'RFC 9110 §7.8',
  );
  const where = says('Choose a path at which the application takes WebSockets; with serval demo, /echo.');
  if (status === 426)
    return [
      says(`426 (Upgrade Required): ${paths} wants ${offered || 'another protocol'}.`, 'RFC 9110 §15.5.22'),
      where,
    ];
  if (status < 400)
    return [
      says(`${paths} answered ${status}, as an ordinary GET: there is no WebSocket.`, 'RFC 9110 §7.8'),
      upgrade,
      where,
    ];
  return [
    says(`${paths} answered ${status}: there is no WebSocket. The connection stays HTTP.`, 'RFC 6455 §4.2.2'),
    ...(status === 403
      ? [says('403 may mean that the Origin is not allowed: this client sends none.', 'RFC 6455 §10.2')]
      : []),
    where,
  ];
}
