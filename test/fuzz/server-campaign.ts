/** Mutated messages to a server process over TCP: responses are well-formed, nothing hangs, nothing leaks. */
import { IncompleteResponse, parseResponses } from '../support/response-parser.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { Broken, type Failure } from './broken.ts';
import { type Answer, askPatiently, type Manner } from './client.ts';
import { Mutator } from './mutator.ts';
import { Random } from './random.ts';
import { Counts, Progress } from './report.ts';
import { readStrictly } from './strict-reader.ts';

export interface ServerOptions {
  readonly seed: number;
  readonly corpus: readonly Buffer[];
  readonly milliseconds: number;
  readonly executions: number;
}

export interface ServerOutcome {
  readonly executions: number;
  readonly seconds: number;
  readonly outcomes: Counts;
  readonly memory: string;
  readonly failure?: Failure & { readonly message: Buffer };
}

/** Connections at once. */
const CONCURRENCY = 24;
/** How much the server's memory may grow from the first tenth of the run to its end. */
const MOST_GROWTH = 64 * 1024 * 1024;
const HELLO = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n');

export const APPLICATION = '../../fuzz/application';

export async function fuzzServer(options: ServerOptions): Promise<ServerOutcome> {
  const random = new Random(options.seed);
  const mutator = new Mutator(random);
  const outcomes = new Counts();
  const progress = new Progress('server');
  const server = await startServer(APPLICATION);
  let failure: ServerOutcome['failure'];
  let executions = 0;
  let firstRss = 0;

  const isOver = (): boolean =>
    failure !== undefined ||
    executions >= options.executions ||
    progress.seconds * 1_000 >= options.milliseconds;
  const worker = async (): Promise<void> => {
    while (!isOver()) {
      const index = executions++;
      const given = options.corpus[index];
      const message = Buffer.from(
        given ?? mutator.mutate(random.pick(options.corpus), random.pick(options.corpus)),
      );
      const manner = mannerFor(message, random);
      try {
        const answer = await askPatiently(server.port, message, manner);
        outcomes.add(manner.aborts ? 'cut off by the client' : judge(message, answer));
      } catch (error) {
        failure ??= { ...describeError(error), message };
      }
      progress.tell(executions, `${outcomes.size} outcomes`);
    }
  };
  const sampleMemory = async (): Promise<void> => {
    const wait = Math.min(options.milliseconds / 5, 60_000);
    while (!isOver() && progress.seconds * 1_000 < wait)
      await new Promise((resolve) => setTimeout(resolve, 50));
    firstRss = await server.rss();
  };

  let memory = '';
  try {
    await Promise.all([sampleMemory(), ...Array.from({ length: CONCURRENCY }, worker)]);
    memory = await checkIsWell(server, firstRss);
  } catch (error) {
    failure ??= { ...describeError(error), message: HELLO };
  }
  const { seconds } = progress;
  await server.stop().catch((error: unknown) => {
    failure ??= { ...describeError(error), message: HELLO };
  });
  return { executions, seconds, outcomes, memory, ...(failure === undefined ? {} : { failure }) };
}

function mannerFor(message: Buffer, random: Random): Manner {
  const cuts: number[] = [];
  while (cuts.length < 3 && random.oneIn(2)) cuts.push(random.below(message.length));
  return { cuts: cuts.sort((a, b) => a - b), aborts: random.oneIn(12) };
}

/** @throws {Broken} @returns the statuses, in order. */
function judge(message: Buffer, { octets, end }: Answer): string {
  if (end === 'hang') throw new Broken('a server never hangs', 'the connection is still open');
  const { requests, end: strictEnd } = readStrictly(message.toString('latin1'));
  // One response for each request, and one for a refusal after them.
  const methods = requests.map(({ method }) => method);
  methods.push(isHeadAnswer(octets) ? 'HEAD' : 'GET');
  try {
    const responses = parseResponses(octets, methods, true);
    if (responses.length === 0 && end === 'reset')
      throw new Broken('nobody loses an answer', 'a reset, and no answer');
    const least = Math.min(1, requests.filter(({ complete }) => complete).length);
    if (responses.length < least || (strictEnd === 'invalid' && responses.length === 0))
      throw new Broken('every request is answered', `${responses.length} answers`);
    return responses.length === 0 ? 'no answer' : responses.map(({ status }) => status).join(' ');
  } catch (error) {
    // The head of a response may have been sent when the request turns out to be malformed; then the response breaks off.
    if (error instanceof IncompleteResponse && strictEnd !== 'complete') return 'an answer that breaks off';
    if (error instanceof Broken) throw error;
    throw new Broken('answers are well-formed', `${(error as Error).message}\n${octets.toString('latin1')}`);
  }
}

/** The refusal of a HEAD has no content; only the response shows whether the server read the method. */
function isHeadAnswer(octets: Buffer): boolean {
  return octets.toString('latin1').endsWith('\r\nConnection: close\r\n\r\n');
}

async function checkIsWell(server: ServerProcess, firstRss: number): Promise<string> {
  const { octets, end } = await askPatiently(server.port, HELLO, { cuts: [], aborts: false });
  if (end !== 'fin' || !octets.toString('latin1').startsWith('HTTP/1.1 200 '))
    throw new Broken('the server survives', `${end}: ${octets.toString('latin1')}`);
  const rss = await server.rss();
  const figures = `server memory: ${megabytes(firstRss)}, at the end ${megabytes(rss)}`;
  if (rss - firstRss > MOST_GROWTH) throw new Broken('memory stays flat', figures);
  return figures;
}

function megabytes(octets: number): string {
  return `${(octets / 1024 / 1024).toFixed(0)} MiB`;
}

function describeError(error: unknown): Failure {
  if (error instanceof Broken) return { invariant: error.invariant, detail: error.message };
  return { invariant: 'the server survives', detail: String(error) };
}
