/** The thread behind `coverage.ts`: decodes messages, and notes after each which blocks of the core have run. */
import { readFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { failureOf } from './broken.ts';
import { CoreTarget } from './core-target.ts';
import type { CoverageAnswer } from './coverage.ts';
import { Random } from './random.ts';

const CORE = /\/src\/(?:http1|semantics)\/[^/]+\.js$/;

const session = new Session();
session.connect();
const reached = new Set<string>();
const unreached = new Set<string>();

/** The session is of this very thread, which is why it has answered when `post` returns. */
function post<T>(method: string, params: object = {}): T {
  let result: T | undefined;
  session.post(method, params, (error, value) => {
    if (error !== null) throw error;
    result = value as T;
  });
  return result!;
}

post('Profiler.enable');
post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** @returns whether a block ran that had not before. Taking the coverage also sets its counters back. */
function takeNews(): boolean {
  const before = reached.size;
  const { result } = post<Profiler.TakePreciseCoverageReturnType>('Profiler.takePreciseCoverage');
  for (const { url, functions } of result) {
    if (!CORE.test(url)) continue;
    for (const { functionName, ranges } of functions) {
      for (const { startOffset, count } of ranges) {
        const key = `${url} ${startOffset} ${functionName}`;
        if (count > 0) {
          reached.add(key);
          unreached.delete(key);
        } else if (!reached.has(key)) {
          unreached.add(key);
        }
      }
    }
  }
  return reached.size > before;
}

/** `request-head.js:61 (assembleRequestHead)` */
function placeOf(key: string): string {
  const [url = '', offset, name] = key.split(' ');
  const line = readFileSync(fileURLToPath(url), 'utf8').slice(0, Number(offset)).split('\n').length;
  return `${url.replace(/^.*\/src\//, '')}:${line} (${name || 'anonymous'})`;
}

parentPort!.on('message', (messages: readonly Uint8Array[]) => {
  const news: number[] = [];
  for (const [index, message] of messages.entries()) {
    const target = new CoreTarget(new Random(index));
    const octets = Buffer.from(message);
    for (let times = 0; times < 4; times++) failureOf(() => target.examine(octets));
    if (takeNews()) news.push(index);
  }
  const answer: CoverageAnswer = { news, reached: reached.size, unreached: [...unreached].map(placeOf) };
  parentPort!.postMessage(answer);
});
