/** A request that two recipients could end at different places: Content-Length and Transfer-Encoding at once (RFC 9112 §11.2). */
import { statusOf } from '../client/answer.ts';
import { type Experiment, requestHead, says } from '../experiment.ts';

const END = '0\r\n\r\n';

export const smuggling: Experiment = {
  ...{ name: 'smuggling', group: 'Robustness', title: 'A smuggling attempt' },
  summary: 'Two lengths in one request.',
  async run(bench) {
    const client = await bench.openHttp1();
    const hidden = requestHead(bench, [], { target: '/smuggled' });
    const fields = [`Content-Length: ${END.length + hidden.length}`, 'Transfer-Encoding: chunked'];
    const head = requestHead(bench, fields, { method: 'POST' });
    client.link.write(head + END + hidden, [...client.linesOf(head, END, true), ...client.linesOf(hidden)]);
    const [first, second] = [client.answer('POST'), client.answer()];
    const answer = await first;
    const status = statusOf(answer);
    const hasClosed = await client.link.serverCloses();
    const intent = says(
      'By its length, all of it is one request. By its chunks, it ends early, and GET /smuggled is the next one.',
      'RFC 9112 §11.2',
    );
    const why = says(
      'A proxy and a server that read it differently would take one client’s octets for the request of another.',
      'RFC 9112 §11.2',
    );
    if (answer.head === undefined)
      return [intent, why, says('The server closed the connection without an answer.', 'RFC 9112 §6.3')];
    // A response to the second would mean that it was taken for a request.
    const smuggled = hasClosed ? (await second).head : undefined;
    if (smuggled !== undefined || status < 400) {
      return [
        intent,
        says(
          smuggled === undefined
            ? `The server answered ${status}: it decided for one of the two.`
            : `The server answered ${status}, and then ${smuggled.status}: it went by the chunks.`,
          'RFC 9112 §6.1',
        ),
        says(
          hasClosed
            ? 'It closed the connection afterwards, as it MUST, because the rest cannot be trusted.'
            : 'It kept the connection open, which RFC 9112 forbids after such a request.',
          'RFC 9112 §6.1',
        ),
      ];
    }
    return [
      intent,
      why,
      says(`The server refused it with ${status}, before any application heard of it.`, 'RFC 9112 §6.1'),
      hasClosed
        ? says(
            'Then it closed the connection: no octet behind such a head can be trusted. /smuggled was never looked at.',
            'RFC 9112 §6.1',
          )
        : says(
            'The connection stayed open for half a second more; nothing behind the head was answered.',
            'RFC 9112 §6.1',
          ),
    ];
  },
};
