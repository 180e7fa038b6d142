/** A request whose content comes in chunks, because the client does not know its length in advance (RFC 9112 §7.1). */
import { statusOf } from '../client/answer.ts';
import { type Experiment, milliseconds, requestHead, says } from '../experiment.ts';
import { closingOf, lackOf } from './persistence.ts';

const CHUNKS = ['5\r\nhello\r\n', '7\r\n, world\r\n', '0\r\n\r\n'];
/** So that each chunk is seen on its own. */
const PAUSE_MS = 40;

export const chunked: Experiment = {
  ...{ name: 'chunked', group: 'Content', title: 'Content in chunks' },
  summary: 'A POST of unknown length.',
  async run(bench) {
    const client = await bench.openHttp1();
    const fields = ['Content-Type: text/plain', 'Transfer-Encoding: chunked'];
    client.send(requestHead(bench, fields, { method: 'POST' }));
    const answered = client.answer('POST');
    let sentAt = 0;
    for (const chunk of CHUNKS) {
      await bench.pause(PAUSE_MS);
      if (client.link.hasEnded) break;
      client.sendContent(chunk, true);
      sentAt = bench.now();
    }
    const answer = await answered;
    const lack = lackOf(answer);
    if (lack !== undefined) return [lack];
    const status = statusOf(answer);
    const isEarly = answer.headAt < sentAt;
    if (!answer.persists) await client.link.serverCloses();
    return [
      says(
        'Transfer-Encoding: chunked replaces Content-Length: each chunk has its own size, in hexadecimal digits.',
        'RFC 9112 §7.1',
      ),
      says(
        `The 12 octets of content took ${CHUNKS.join('').length} with their framing. The chunk of size 0 ended them.`,
        'RFC 9112 §7.1',
      ),
      isEarly
        ? says(
            `The server answered ${status} before all of the content had come: it did not need it to decide.`,
            'RFC 9112 §9.3',
          )
        : says(`The answer, ${status}, came ${milliseconds(answer.headAt - sentAt)} after the last chunk.`),
      verdictOn(status),
      answer.persists
        ? says(
            'The end of the content is certain, so the connection can carry another request.',
            'RFC 9112 §9.3',
          )
        : closingOf(answer),
    ];
  },
};

function verdictOn(status: number) {
  if (status === 405)
    return says(
      '405: the chunks were understood, but there is no POST at this path. Allow says what there is.',
      'RFC 9110 §15.5.6',
    );
  if (status === 411) return says('411: this server wants a Content-Length.', 'RFC 9110 §15.5.12');
  if (status === 413) return says('413: the content was too large for this path.', 'RFC 9110 §15.5.14');
  if (status >= 400)
    return says(`The framing was understood. The ${status} is about the request itself.`, 'RFC 9110 §15.5');
  return says(
    'The application read the content without its framing, as if its length had been known.',
    'RFC 9112 §7.1.3',
  );
}
