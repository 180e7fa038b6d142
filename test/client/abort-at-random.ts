/** Many exchanges with one server, most of them aborted somewhere between the first octet of one side and the last of the other. */

import type { ClientOptions } from '../../src/client/options.ts';
import { Response as ServalResponse } from '../../src/fetch/response.ts';
import { Random } from '../fuzz/random.ts';
import { withClient } from './with-client.ts';

export interface AbortOutcome {
  readonly completed: number;
  readonly aborted: number;
  /** What should never be: another answer, another error. */
  readonly wrong: readonly string[];
}

const AT_ONCE = 20;

/** Answers with its path, again and again, as long as the query says; in chunks, late, or all at once. */
async function handle(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [, number = '', kind] = url.pathname.split('/');
  const text = `${number};`.repeat(Number(url.searchParams.get('times')));
  if (request.method === 'PUT') await request.text().catch(() => '');
  if (kind === 'late') await new Promise((resolve) => setTimeout(resolve, 4));
  if (kind === 'chunks') return new ServalResponse(new Blob([text]).stream());
  return new ServalResponse(text);
}

export async function abortAtRandom(
  exchanges: number,
  seed: number,
  options: ClientOptions = {},
): Promise<AbortOutcome> {
  const random = new Random(seed);
  await using pair = await withClient(handle, {
    ...options,
    limits: { maxConnections: 8, maxConcurrentStreams: 8 },
  });
  let completed = 0;
  let aborted = 0;
  const wrong: string[] = [];
  let next = 0;

  const exchange = async (): Promise<void> => {
    const number = next++;
    const kind = random.pick(['late', 'chunks', 'whole']);
    const times = random.pick([1, 10, 1_000, 40_000]);
    const controller = new AbortController();
    const reason = new Error(`abort ${number}`);
    const abort = () => controller.abort(reason);
    const moment = random.below(8);
    if (moment === 0) process.nextTick(abort);
    else if (moment === 1) queueMicrotask(abort);
    else if (moment === 2) setImmediate(abort);
    else if (moment < 7) setTimeout(abort, random.below(12));
    const upload = random.oneIn(3)
      ? { method: 'PUT', body: new Blob(['x'.repeat(random.below(200_000))]).stream() }
      : {};
    try {
      const url = `${pair.url}/${number}/${kind}?times=${times}`;
      const response = await pair.client.fetch(url, { ...upload, signal: controller.signal });
      if (moment === 7 && random.oneIn(2)) await response.body!.cancel();
      else if ((await response.text()) !== `${number};`.repeat(times)) wrong.push(`${number}: other octets`);
      completed++;
    } catch (error) {
      if (error === reason) aborted++;
      else wrong.push(`${number}: ${error}`);
    }
  };
  const worker = async (): Promise<void> => {
    while (next < exchanges) await exchange();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  // And still everybody gets an answer, their own one.
  const last = await pair.client.fetch(`${pair.url}/last/whole?times=2`);
  if ((await last.text()) !== 'last;last;') wrong.push('last: other octets');
  return { completed, aborted, wrong };
}
