/** A request that waits for 100 (Continue) before it sends its content (RFC 9110 §10.1.1). */
import { statusOf } from '../client/answer.ts';
import { type Experiment, milliseconds, requestHead, says } from '../experiment.ts';
import { lackOf } from './persistence.ts';

const CONTENT = 'hello';
/** A client may send its content although no 100 came: servers may not know it. */
const PATIENCE_MS = 1_500;

export const expectContinue: Experiment = {
  ...{ name: 'expect-continue', group: 'Content', title: '100 (Continue)' },
  summary: 'It asks before it uploads.',
  async run(bench) {
    const client = await bench.openHttp1();
    const fields = [`Content-Length: ${CONTENT.length}`, 'Expect: 100-continue'];
    client.send(requestHead(bench, fields, { method: 'POST' }));
    const sentAt = bench.now();
    let hasAnswered = false;
    const answered = client.answer('POST').finally(() => {
      hasAnswered = true;
    });
    const patience = bench.pause(PATIENCE_MS);
    await Promise.race([answered, client.continued(), patience]);
    const early = client.continueAt;
    const waited = bench.now() - sentAt;
    const hasSent = !hasAnswered;
    if (hasSent) client.sendContent(CONTENT);
    const answer = await answered;
    const lack = lackOf(answer);
    if (lack !== undefined) return [lack];
    const status = statusOf(answer);
    if (!hasSent) {
      const hasClosed = await client.link.serverCloses();
      return [
        says(
          `The server answered ${status} at once, without 100 (Continue). So the client never sent its content.`,
          'RFC 9110 §10.1.1',
        ),
        says(
          'That is what the expectation is for: a large upload is refused before it costs anything.',
          'RFC 9110 §10.1.1',
        ),
        hasClosed
          ? says(
              'The server closed the connection, because it cannot know whether the content still comes.',
              'RFC 9112 §9.3',
            )
          : says(
              'The connection stayed open. Nothing more can be sent on it before the content, so the client closed it.',
              'RFC 9112 §9.3',
            ),
      ];
    }
    if (early === undefined) {
      return [
        says(
          `No 100 (Continue) came within ${milliseconds(waited)}, so the client sent its content all the same. It must not wait forever.`,
          'RFC 9110 §10.1.1',
        ),
        says(`Then the answer was ${status}.`),
      ];
    }
    return [
      says('The head said Expect: 100-continue, and the client waited with its content.', 'RFC 9110 §10.1.1'),
      says(
        `100 (Continue) came after ${milliseconds(early - sentAt)}. It is an interim response: the final one follows on the same request.`,
        'RFC 9110 §15.2.1',
      ),
      says(`Only then the ${CONTENT.length} octets of content left, and the answer was ${status}.`),
      says(
        'Serval sends 100 when the application begins to read the content. One that refuses by the head alone saves the upload.',
        'RFC 9110 §10.1.1',
      ),
    ];
  },
};
