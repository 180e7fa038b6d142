/** The thread of `coverage.ts`: decodes messages, and records which blocks of the core ran. */
import { readFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { failureOf } from './broken.ts';
import { CoreTarget } from './core-target.ts';
import type { CoverageAnswer } from './coverage.ts';
import { Random } from './random.ts';

const CORE = /\/src\/(?:http1|semantics)\/[^/]+\.js$/;
/** Reading the coverage costs ten times as much as a message, so this many messages share one reading. */
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

/** The session is connected to this thread, so it has answered when `post` returns. */
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

/** @returns whether new code ran. Reading the coverage also resets its counters. */
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

/** A function's inner ranges follow the outer ones and override them. */
function note(state: Uint8Array, ranges: readonly Profiler.CoverageRange[]): void {
  const start = ranges[0]!.startOffset;
  const now = new Uint8Array(ranges[0]!.endOffset - start);
  for (const { startOffset, endOffset, count } of ranges)
    now.fill(count > 0 ? REACHED : UNREACHED, startOffset - start, endOffset - start);
  for (let i = 0; i < now.length; i++) {
    const before = state[start + i]!;
    if (before === REACHED || before === now[i]) continue;
    // The body of an inner function has its own ranges; the count of the outer function does not apply to it.
    if (now[i] === REACHED) reached++;
    state[start + i] = now[i]!;
  }
}

/** Lines of compiled code with a part that no message has reached. */
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

/** Examines a message with the seed of its index, so the result is repeatable. */
function examine(message: Uint8Array, index: number): void {
  const target = new CoreTarget(new Random(index));
  const octets = Buffer.from(message);
  for (let times = 0; times < 4; times++) failureOf(() => target.examine(octets));
}
