/** Three requests in one write, without waiting (RFC 9112 §9.3.2). */
import { statusOf } from '../client/answer.ts';
import { type Experiment, milliseconds, requestHead, says } from '../experiment.ts';
import { closingOf, lackOf } from './persistence.ts';

const COUNT = 3;

export const pipelining: Experiment = {
  ...{ name: 'pipelining', group: 'Connections', title: 'Pipelining' },
  summary: 'Three requests in one write.',
  async run(bench) {
    const client = await bench.openHttp1();
    const head = requestHead(bench);
    const sentAt = bench.now();
    client.link.write(head.repeat(COUNT), Array.from({ length: COUNT }, () => client.linesOf(head)).flat());
    const answers = await Promise.all(Array.from({ length: COUNT }, () => client.answer()));
    const came = answers.filter(({ end }) => end === 'complete');
    const [first] = answers;
    if (first!.end !== 'complete') return [lackOf(first!)!];
    const last = came.at(-1)!;
    const order = says(
      `The statuses were ${came.map(statusOf).join(', ')}, in the order of the requests: a response has no other sign of its request.`,
      'RFC 9112 §9.3.2',
    );
    const waits = says(
      'So one slow response holds up all behind it. HTTP/2 has streams for that.',
      'RFC 9113 §5',
    );
    const browsers = says(
      'Browsers do not pipeline: proxies got it wrong too often. Servers have to take it.',
      'RFC 9112 §9.3.2',
    );
    if (came.length < COUNT) {
      return [
        says(
          `All ${COUNT} requests left in one write, and ${came.length} of them ${came.length === 1 ? 'was' : 'were'} answered.`,
          'RFC 9112 §9.3.2',
        ),
        closingOf(last),
        says(
          'The client cannot know whether the others were processed. It may repeat only those that are safe to repeat.',
          'RFC 9112 §9.3.1',
        ),
      ];
    }
    return [
      says(
        `All ${COUNT} requests left in one write, and their responses had come ${milliseconds(last.endAt - sentAt)} later.`,
        'RFC 9112 §9.3.2',
      ),
      ...[order, waits, browsers],
    ];
  },
};
