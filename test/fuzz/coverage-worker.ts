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
/** Taking the coverage costs ten times what a message does: so many are looked at together. */
const GROUP = 16;
const UNREACHED = 1;
const REACHED = 2;

interface Script {
  readonly text: string;
  /** For each character of the text. */
  readonly state: Uint8Array;
}

const session = new Session();
session.connect();
const scripts = new Map<string, Script>();
let reached = 0;

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

/** @returns whether code ran that had not before. Taking the coverage also sets its counters back. */
function takeNews(): boolean {
  const before = reached;
  const { result } = post<Profiler.TakePreciseCoverageReturnType>('Profiler.takePreciseCoverage');
  for (const { url, functions } of result) {
    if (!CORE.test(url)) continue;
    const { state } = scriptAt(url);
    for (const { ranges } of functions) note(state, ranges);
  }
  return reached > before;
}

function scriptAt(url: string): Script {
  let script = scripts.get(url);
  if (script === undefined) {
    const text = readFileSync(fileURLToPath(url), 'utf8');
    script = { text, state: new Uint8Array(text.length) };
    scripts.set(url, script);
  }
  return script;
}

/** Of a function's ranges the inner ones come behind the outer ones, and say what is different within. */
function note(state: Uint8Array, ranges: readonly Profiler.CoverageRange[]): void {
  const start = ranges[0]!.startOffset;
  const now = new Uint8Array(ranges[0]!.endOffset - start);
  for (const { startOffset, endOffset, count } of ranges)
    now.fill(count > 0 ? REACHED : UNREACHED, startOffset - start, endOffset - start);
  for (let i = 0; i < now.length; i++) {
    const before = state[start + i]!;
    if (before === REACHED || before === now[i]) continue;
    // The body of an inner function is its own: that the outer one ran says nothing of it.
    if (now[i] === REACHED) reached++;
    state[start + i] = now[i]!;
  }
}

/** Lines of compiled code with something that no message has reached. */
function unreachedLines(): string[] {
  const lines: string[] = [];
  for (const [url, { text, state }] of scripts) {
    let at = 0;
    for (const [index, line] of text.split('\n').entries()) {
      let code = '';
      for (let i = 0; i < line.length; i++) if (state[at + i] === UNREACHED) code += line[i];
      at += line.length + 1;
      if (/\w/.test(code)) lines.push(`${url.replace(/^.*\/src\//, '')}:${index + 1}  ${code.trim()}`);
    }
  }
  return lines;
}

parentPort!.on('message', (messages: readonly Uint8Array[]) => {
  const news: number[] = [];
  const indices = [...messages.keys()];
  for (let start = 0; start < indices.length; start += GROUP) {
    const group = indices.slice(start, start + GROUP);
    for (const index of group) examine(messages[index]!, index);
    if (takeNews()) news.push(...group);
  }
  const answer: CoverageAnswer = { news, reached, unreached: unreachedLines() };
  parentPort!.postMessage(answer);
});

/** The same for the same place in the same question. */
function examine(message: Uint8Array, index: number): void {
  const target = new CoreTarget(new Random(index));
  const octets = Buffer.from(message);
  for (let times = 0; times < 4; times++) failureOf(() => target.examine(octets));
}
