/** The clients of runtimes: `node:http2`, and the fetch of Node, Bun and Deno, each in a process of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { findProgram } from '../../support/find-program.ts';
import {
  type Exchange,
  expect,
  expectMatch,
  expectText,
  type Http2Peer,
  STREAMS,
  shell,
  type Target,
} from './peer.ts';
import { TRAILING } from './site.ts';

/** Prints what came back. `ask(path, options)` gives `{ text, protocol, trailers }`, with the hash as the text of `/down`. */
const EXCHANGE_SCRIPT = `
import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';
const [what, origin, ca, file] = process.argv.slice(-4);
async function hashOf(pieces) {
  const hash = createHash('sha256');
  for await (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
switch (what) {
  case 'text': console.log(await ask('/text', {})); break;
  case 'down': console.log(await ask('/down', { hashes: true })); break;
  case 'up': console.log(await ask('/up', { file })); break;
  case 'trailers down': console.log(await ask('/trailers', { showsTrailers: true })); break;
  case 'trailers up': console.log(await ask('/trailers', { trailer: 'a client' })); break;
  default: {
    const texts = await Promise.all(Array.from({ length: ${STREAMS} }, () => ask('/text', {})));
    console.log(new Set(texts).size + ' ' + texts.length + ' ' + texts[0]);
  }
}
process.exit(0);
`;

const NODE_HTTP2 = `
import http2 from 'node:http2';
import { readFileSync } from 'node:fs';
const session = http2.connect(process.argv.at(-3), { ca: readFileSync(process.argv.at(-2)), settings: { initialWindowSize: 2 ** 20 } });
session.on('connect', () => session.setLocalWindowSize?.(2 ** 24));
async function ask(path, { hashes, file, trailer, showsTrailers }) {
  const method = file ?? trailer ? 'POST' : 'GET';
  const stream = session.request({ ':path': path, ':method': method }, { endStream: method === 'GET', waitForTrailers: trailer !== undefined });
  let trailers = {};
  stream.on('trailers', (fields) => { trailers = fields; });
  stream.on('wantTrailers', () => stream.sendTrailers({ '${TRAILING}': trailer }));
  if (file) createReadStream(file, { highWaterMark: 2 ** 18 }).pipe(stream);
  else if (trailer) stream.end('content');
  if (hashes) return hashOf(stream);
  let text = '';
  for await (const piece of stream) text += piece;
  return showsTrailers ? JSON.stringify(trailers) : text;
}
${EXCHANGE_SCRIPT}`;

const NODE_STREAM = 'Readable.toWeb(createReadStream(file, { highWaterMark: 2 ** 18 }))';

/** @param options of \`fetch\`, with \`ca\` in scope. */
const fetchScript = (setUp: string, options: string, opened = NODE_STREAM) => `
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import process from 'node:process';
${setUp}
async function ask(path, { hashes, file }) {
  const sent = file ? { method: 'POST', body: ${opened}, duplex: 'half' } : {};
  const response = await fetch(origin + path, { ...sent, ...(${options}) });
  return hashes ? hashOf(response.body) : response.text();
}
${EXCHANGE_SCRIPT}`;

function runtime(
  name: string,
  program: string,
  flags: string,
  source: string,
  exchanges: readonly Exchange[],
  needsTls: boolean,
): Http2Peer | undefined {
  const file = findProgram(program);
  if (file === undefined) return undefined;
  const run = (target: Target, what: string) => {
    const { site, origin } = target;
    const script = join(site.folder, `${name.replaceAll(/\W/g, '-')}.mjs`);
    writeFileSync(script, source);
    return shell(`${file} ${flags} ${script} '${what}' ${origin} ${site.authority} ${site.file}`);
  };
  const judges: Record<Exchange, (target: Target) => Promise<string>> = {
    text: async (target) => expectText(await run(target, 'text'), target),
    down: async (target) => expect('hash', await run(target, 'down'), target.site.hash),
    up: async (target) => expect('hash', await run(target, 'up'), target.site.hash),
    'trailers down': async (target) =>
      expectMatch('trailers', await run(target, 'trailers down'), /after the content/),
    'trailers up': async (target) => expect('trailers', await run(target, 'trailers up'), 'a client'),
    '1,000 streams': async (target) =>
      expectMatch('texts', await run(target, 'streams'), new RegExp(`^1 ${STREAMS} Hello over h2`)),
  };
  return { name, needsTls, exchanges: Object.fromEntries(exchanges.map((what) => [what, judges[what]])) };
}

/** What fetch can do. It knows no trailers. */
const FETCH: readonly Exchange[] = ['text', 'down', 'up', '1,000 streams'];

/** Those that are installed. The environment variables BUN and DENO may name binaries. */
export function runtimes(): readonly Http2Peer[] {
  const deno = `const client = Deno.createHttpClient({ caCerts: [readFileSync(process.argv.at(-2), 'utf8')], http1: false });`;
  return [
    runtime(
      'node:http2',
      process.execPath,
      '',
      NODE_HTTP2,
      [...FETCH, 'trailers down', 'trailers up'],
      false,
    ),
    runtime(
      'fetch of Bun',
      process.env['BUN'] ?? 'bun',
      'run',
      fetchScript('', `{ protocol: 'http2', tls: { ca: readFileSync(ca) } }`),
      FETCH,
      true,
    ),
    runtime(
      'fetch of Deno',
      process.env['DENO'] ?? 'deno',
      'run -A --no-lock',
      fetchScript(deno, '{ client }', 'await Deno.readFile(file)'),
      FETCH,
      true,
    ),
  ].filter((peer) => peer !== undefined);
}
