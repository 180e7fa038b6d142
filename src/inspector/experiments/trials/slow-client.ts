/** A client that sends its head octet by octet, and one beside it that is not slow. */
import { type Answer, statusOf } from '../client/answer.ts';
import type { Http1Client } from '../client/http1-client.ts';
import { type Bench, type Experiment, milliseconds, requestHead, says } from '../experiment.ts';
import type { Entry } from '../transcript.ts';
import { lackOf } from './persistence.ts';

/** All of the head takes about so long. */
const LENGTH_MS = 2_000;

export const slowClient: Experiment = {
  ...{ name: 'slow-client', group: 'Robustness', title: 'A slow client' },
  summary: 'A head octet by octet.',
  async run(bench) {
    const slow = await bench.openHttp1();
    const startedAt = bench.now();
    const head = requestHead(bench, ['Connection: close']);
    const answered = slow.answer();
    const pauseMs = LENGTH_MS / head.length;
    // The request-line and Host; then the other client comes.
    const half = head.indexOf('\r\n', head.indexOf('\r\n') + 2) + 2;
    await trickle(bench, slow, head, 0, half, pauseMs);
    const other = await fast(bench);
    const sentAt = await trickle(bench, slow, head, half, head.length, pauseMs);
    const answer = await answered;
    const beside = besideIt(other);
    if (statusOf(answer) === 408)
      return [
        says(
          `The server waited ${milliseconds(answer.headAt - startedAt)} for the head, and answered 408 (Request Timeout).`,
          'RFC 9110 §15.5.9',
        ),
        says(
          'Without a limit, a client could hold thousands of connections with a few octets a minute: slowloris.',
        ),
        beside,
      ];
    const lack = lackOf(answer);
    if (lack !== undefined) return [lack, beside];
    await slow.link.serverCloses();
    return [
      says(
        `The head came in ${head.length} writes, in ${milliseconds(sentAt - startedAt)}. A server may not care how TCP cuts its octets.`,
        'RFC 9112 §2.2',
      ),
      says(
        `With the last octet of the empty line the request was complete, and ${statusOf(answer)} came ${milliseconds(answer.headAt - sentAt)} later.`,
        'RFC 9112 §2.1',
      ),
      beside,
      says(
        'Patience has a limit: a head that takes longer than timeouts.headers is answered 408.',
        'RFC 9110 §15.5.9',
      ),
    ];
  },
};

/** One octet a write, as one entry of the transcript. @returns when the last one left. */
async function trickle(
  bench: Bench,
  client: Http1Client,
  head: string,
  from: number,
  to: number,
  pauseMs: number,
): Promise<number> {
  let entry: Entry | undefined;
  const linesBefore = client.linesOf(head.slice(0, from)).length;
  for (let at = from; at < to && !client.link.hasEnded; at++) {
    if (at > 0) await bench.pause(pauseMs);
    entry = client.link.write(head[at]!, [], entry);
    entry.lines = client.linesOf(head.slice(0, at + 1)).slice(linesBefore);
  }
  return entry?.until ?? bench.now();
}

async function fast(bench: Bench): Promise<{ answer: Answer; took: number }> {
  const client = await bench.openHttp1();
  const startedAt = bench.now();
  client.send(requestHead(bench, ['Connection: close']));
  const answer = await client.answer();
  return { answer, took: answer.endAt - startedAt };
}

function besideIt(other: { answer: Answer; took: number }) {
  if (other.answer.end !== 'complete') return says('A second client beside it got no answer.');
  return says(
    `Meanwhile a second client had its answer in ${milliseconds(other.took)}. Nobody waits for the slow one: the server reads whichever socket has octets.`,
  );
}
