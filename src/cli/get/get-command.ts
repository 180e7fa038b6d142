/** `serval get`: one exchange after the other, over connections that are kept between them. */
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import { Client, type ClientResponse, type FetchInit, type WireObserver } from '../../client/index.ts';
import { EXIT, exitCodeFor } from './exit-codes.ts';
import type { GetCommand } from './get-words.ts';
import { Progress } from './progress.ts';
import { Timings } from './timings.ts';
import { waterfall } from './waterfall.ts';
import { visible, WirePrinter } from './wire-printer.ts';

/** The output can't be written to. */
class WriteError extends Error {}
/** A terminal is no place for these octets. */
class BinaryOutput extends Error {}

/** @returns the exit code: that of the last exchange that failed. */
export async function getCommand(command: GetCommand): Promise<number> {
  const client = new Client({
    decode: command.compressed,
    ...(command.unixSocket === undefined ? {} : { path: command.unixSocket }),
    timeouts: { ...(command.connectTimeout === undefined ? {} : { connect: command.connectTimeout }) },
  });
  let exitCode: number = EXIT.ok;
  try {
    for (const url of command.urls) exitCode = (await get(client, url, command)) || exitCode;
  } finally {
    await client.destroy();
  }
  return exitCode;
}

async function get(client: Client, url: string, command: GetCommand): Promise<number> {
  if (!URL.canParse(url)) {
    complain(`"${url}" is no URL.`);
    return EXIT.malformedUrl;
  }
  const printer = command.verbose ? newPrinter() : undefined;
  const timings = new Timings();
  let isAnswered = false;
  try {
    const response = await client.fetch(url, await initFor(command, observerFor(printer, timings)));
    isAnswered = true;
    const hasFailed = command.fail && response.status >= 400;
    if (hasFailed) {
      complain(`the answer is ${response.status} ${visible(response.statusText)}.`);
      void response.body?.cancel();
      return EXIT.httpError;
    }
    await write(response, command);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof WriteError || error instanceof BinaryOutput) {
      complain(error.message);
      return EXIT.writeError;
    }
    if (!(error instanceof Error)) throw error;
    complain(
      visible(error.name === 'TimeoutError' ? `it took longer than --max-time.` : `${error.message}.`),
    );
    return exitCodeFor(error, isAnswered);
  } finally {
    const { spans } = timings;
    if (printer !== undefined && spans.length > 0)
      for (const line of waterfall(spans, 40)) printer.remark(line);
  }
}

function newPrinter(): WirePrinter {
  const { stderr } = process;
  const print = (text: string) => void stderr.write(text);
  return new WirePrinter({
    print,
    colour: stderr.isTTY && !process.env['NO_COLOR'],
    columns: stderr.columns ?? 160,
  });
}

function observerFor(printer: WirePrinter | undefined, timings: Timings): WireObserver {
  const seers = printer === undefined ? [timings] : [timings, printer];
  return {
    onConnection: (connection) => seers.forEach((seer) => void seer.onConnection(connection)),
    onRequestHead: (head) => seers.forEach((seer) => void seer.onRequestHead(head)),
    onRequestEnd: () => timings.onRequestEnd(),
    onResponseHead: (head) => seers.forEach((seer) => void seer.onResponseHead(head)),
    onContent: (octets) => printer?.onContent(octets),
    onResponseEnd: () => seers.forEach((seer) => void seer.onResponseEnd()),
    onRedirect: (to, status) => printer?.onRedirect(to, status),
    onRetry: () => printer?.onRetry(),
  };
}

async function initFor(command: GetCommand, observer: WireObserver): Promise<FetchInit> {
  const { data, upload, fields, maxTime } = command;
  const headers: [string, string][] = fields.map(([name, value]) => [name, value]);
  const given = (name: string) => fields.some(([key]) => key.toLowerCase() === name);
  const init: FetchInit = {
    method: command.method ?? (data !== undefined ? 'POST' : upload !== undefined ? 'PUT' : 'GET'),
    headers,
    redirect: command.follow ? 'follow' : 'manual',
    observer,
  };
  if (maxTime !== undefined) init.signal = AbortSignal.timeout(maxTime);
  if (data !== undefined) {
    if (!given('content-type')) headers.push(['Content-Type', 'application/x-www-form-urlencoded']);
    init.body = await dataFor(data);
  }
  if (upload === '-') init.body = process.stdin;
  else if (upload !== undefined) {
    // The length is known beforehand, and the file is read while it is sent.
    headers.push(['Content-Length', String((await stat(upload)).size)]);
    init.body = createReadStream(upload);
  }
  return init;
}

async function dataFor(data: string): Promise<string | Uint8Array<ArrayBuffer>> {
  if (!data.startsWith('@')) return data;
  if (data !== '@-') return new Uint8Array(await readFile(data.slice(1)));
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin as Readable) pieces.push(piece as Buffer);
  return new Uint8Array(Buffer.concat(pieces));
}

async function write(response: ClientResponse, command: GetCommand): Promise<void> {
  const { output, include } = command;
  const isFile = output !== undefined && output !== '-';
  const to: Writable = isFile ? createWriteStream(output) : process.stdout;
  let failure: Error | undefined;
  const onError = (error: Error): void => {
    failure = error;
  };
  to.on('error', onError);
  const isTerminal = !isFile && process.stdout.isTTY === true;
  const progress = isTerminal || command.silent || !process.stderr.isTTY ? undefined : newProgress(response);
  try {
    if (include) await put(to, headOf(response, isTerminal), () => failure);
    let isFirst = true;
    for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      if (isFirst && isTerminal && piece.includes(0))
        throw new BinaryOutput(
          'the content is binary, which a terminal does not show; --output FILE keeps it.',
        );
      isFirst = false;
      await put(to, piece, () => failure);
      progress?.add(piece.length);
    }
    if (isFile) {
      to.end();
      if (failure === undefined && !to.closed) await once(to, 'close').catch(() => {});
      if (failure !== undefined) throw cannotWrite(failure);
    }
  } finally {
    progress?.end();
    if (isFile) to.destroy();
    else to.off('error', onError);
  }
}

/** Fulfils when there is room for more. */
async function put(
  to: Writable,
  piece: Uint8Array | string,
  failure: () => Error | undefined,
): Promise<void> {
  const error = failure();
  if (error !== undefined) throw cannotWrite(error);
  if (!to.write(piece) && !to.destroyed)
    await Promise.race([once(to, 'drain'), once(to, 'close')]).catch(() => {});
  const after = failure();
  if (after !== undefined) throw cannotWrite(after);
}

const cannotWrite = (error: Error): WriteError =>
  new WriteError(`the output can't be written: ${error.message}.`);

function headOf(response: ClientResponse, isTerminal: boolean): string {
  const shown = (text: string) => (isTerminal ? visible(text) : text);
  const lines = [...response.headers].map(([name, value]) => `${name}: ${shown(value)}\r\n`);
  const statusLine = `HTTP/${response.httpVersion} ${response.status} ${shown(response.statusText)}\r\n`;
  return `${statusLine}${lines.join('')}\r\n`;
}

function newProgress(response: ClientResponse): Progress {
  const isCoded = response.headers.has('content-encoding');
  const length = response.headers.get('content-length');
  const total = length === null || isCoded ? undefined : Number(length);
  const print = (text: string) => void process.stderr.write(text);
  return new Progress({ print, total, now: () => performance.now() });
}

function complain(message: string): void {
  process.stderr.write(`serval: ${message.replace(/\.\.$/, '.')}\n`);
}
