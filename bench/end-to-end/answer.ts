/** Checks a server's response before the load, and measures its length on the wire. */
import net from 'node:net';
import tls from 'node:tls';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

export interface Answer {
  readonly status: number;
  /** Field names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  /** Without transfer coding and content coding. */
  readonly content: Buffer;
  /** Bytes of head and content as received. */
  readonly wireOctets: number;
}

export interface Expected {
  readonly status: number;
  readonly content: Buffer;
  /** The expected Content-Encoding. */
  readonly coding?: string;
}

const PATIENCE_MS = 15_000;
const LOOK_MS = 5;

/**
 * Sends the octets of `count` requests on a new connection.
 *
 * @throws {Error} unless exactly that many responses come back.
 */
export function ask(port: number, octets: Uint8Array, count = 1, isSecure = false): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let look: NodeJS.Timeout | undefined;
    const to = { host: '127.0.0.1', port, noDelay: true };
    // The certificate is of this run alone.
    const socket = isSecure
      ? tls.connect({ ...to, rejectUnauthorized: false }, () => socket.write(octets))
      : net.connect(to, () => socket.write(octets));
    const settle = (outcome: Answer[] | Error) => {
      clearTimeout(patience);
      clearTimeout(look);
      socket.destroy();
      if (outcome instanceof Error) reject(outcome);
      else if (outcome.length === count) resolve(outcome);
      else reject(new Error(`${outcome.length} responses to ${count} requests`));
    };
    const parse = (ended: boolean) => {
      look = undefined;
      try {
        const answers = parseAnswers(Buffer.concat(chunks), ended);
        if (ended || answers.length >= count) settle(answers);
      } catch (error) {
        settle(error as Error);
      }
    };
    const patience = setTimeout(() => {
      const received = chunks.reduce((sum, { length }) => sum + length, 0);
      settle(new Error(`no complete response within ${PATIENCE_MS} ms, only ${received} bytes`));
    }, PATIENCE_MS);
    socket.on('error', settle);
    socket.on('end', () => parse(true));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      // A large response comes in thousands of pieces, so it is not parsed after each.
      look ??= setTimeout(parse, LOOK_MS, false);
    });
  });
}

/**
 * The complete responses. This parser is lenient: it only has to find out whether a server sends the expected response.
 *
 * @param ended no more octets will come, so an incomplete response is an error.
 */
export function parseAnswers(octets: Buffer, ended: boolean): Answer[] {
  const answers: Answer[] = [];
  let at = 0;
  while (at < octets.length) {
    const answer = parseAnswer(octets.subarray(at), ended);
    if (answer === undefined) {
      if (ended) throw new Error(`an incomplete response: ${start(octets.subarray(at))}`);
      break;
    }
    answers.push(answer);
    at += answer.wireOctets;
  }
  return answers;
}

/** Why the response is not the expected one, or `undefined`. */
export function mismatch(answer: Answer, expected: Expected): string | undefined {
  if (answer.status !== expected.status) return `status ${answer.status} instead of ${expected.status}`;
  const coding = answer.fields.get('content-encoding');
  if (coding !== expected.coding) {
    return `Content-Encoding ${coding ?? '(none)'} instead of ${expected.coding ?? '(none)'}`;
  }
  if (answer.content.equals(expected.content)) return undefined;
  if (answer.content.length !== expected.content.length) {
    return `${answer.content.length} octets of content instead of ${expected.content.length}: ${start(answer.content)}`;
  }
  return `other content: ${start(answer.content)}`;
}

function parseAnswer(octets: Buffer, ended: boolean): Answer | undefined {
  const headEnd = octets.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [statusLine = '', ...lines] = octets.toString('latin1', 0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})( |$)/.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) throw new Error(`not a status-line: ${JSON.stringify(statusLine)}`);
  const fields = new Map(lines.map(fieldOf));
  const raw = contentOf(octets, headEnd + 4, fields, ended);
  if (raw === undefined) return undefined;
  const content = decode(raw.content, fields.get('content-encoding'));
  return { status, fields, content, wireOctets: raw.end };
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function contentOf(
  octets: Buffer,
  from: number,
  fields: ReadonlyMap<string, string>,
  ended: boolean,
): { content: Buffer; end: number } | undefined {
  if (fields.get('transfer-encoding') === 'chunked') return dechunk(octets, from);
  const length = fields.get('content-length');
  if (length === undefined && !ended) return undefined;
  const end = length === undefined ? octets.length : from + Number(length);
  return end > octets.length ? undefined : { content: octets.subarray(from, end), end };
}

function dechunk(octets: Buffer, from: number): { content: Buffer; end: number } | undefined {
  const chunks: Buffer[] = [];
  let at = from;
  for (;;) {
    const lineEnd = octets.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(octets.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (Number.isNaN(size)) throw new Error(`not a chunk-size: ${start(octets.subarray(at))}`);
    if (end > octets.length) return undefined;
    if (size === 0) return { content: Buffer.concat(chunks), end };
    chunks.push(octets.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}

function decode(content: Buffer, coding: string | undefined): Buffer {
  if (coding === 'gzip') return gunzipSync(content);
  if (coding === 'br') return brotliDecompressSync(content);
  return content;
}

function start(octets: Buffer): string {
  return JSON.stringify(octets.toString('latin1', 0, 80));
}
