/** `serval get`: one request after the other, over connections that are kept between them. */
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { Client, type ClientOptions, type ClientResponse, type WireObserver } from '../../client/index.ts';
import { complain } from '../output.ts';
import { PasswordPrompt } from '../password-prompt.ts';
import { BinaryOutput, type ContentOutput, outputTo, WriteError } from './content-output.ts';
import { EXIT, exitCodeFor } from './exit-codes.ts';
import type { GetCommand, TlsWords } from './get-words.ts';
import { Progress } from './progress.ts';
import { dataOf, type GetRequest, requestOf } from './request-of.ts';
import { Timings } from './timings.ts';
import { waterfall } from './waterfall.ts';
import { converse } from './websocket-lines.ts';
import { visible, WirePrinter } from './wire-printer.ts';

type Data = Awaited<ReturnType<typeof dataOf>>;

/** @returns the exit code: that of the last request that failed. */
export async function getCommand(given: GetCommand): Promise<number> {
  let command: GetCommand;
  let data: Data;
  try {
    command = await withPassword(given);
    data = await dataOf(command.data);
  } catch (error) {
    complain(`${(error as Error).message}.`);
    return error instanceof TypeError ? EXIT.misused : EXIT.readError;
  }
  let client: Client;
  try {
    client = new Client(await clientOptions(command));
  } catch (error) {
    complain(inWordsOfOptions(`${(error as Error).message}.`));
    return EXIT.badCertificateFile;
  }
  let exitCode: number = EXIT.ok;
  try {
    for (const [i, url] of command.urls.entries()) {
      const output = outputTo(command.outputs[i]);
      const requestFor = () => requestOf(url, command, data, command.uploads[i]);
      exitCode = (await get(client, url, requestFor, output, command)) || exitCode;
    }
  } finally {
    await client.destroy();
  }
  return exitCode;
}

/** As with curl: the password of a name that comes without one is asked for. */
async function withPassword(command: GetCommand): Promise<GetCommand> {
  const { user } = command;
  if (user === undefined || user.includes(':')) return command;
  if (!process.stdin.isTTY)
    throw new TypeError(`--user "${user}": expected "name:password", or a terminal to ask on`);
  const password = await new PasswordPrompt(process.stdin, process.stderr).ask(`Password for ${user}: `);
  return { ...command, user: `${user}:${password}` };
}

async function clientOptions(command: GetCommand): Promise<ClientOptions> {
  const { compressed, unixSocket, family, connectTimeout, maxRatio, http2 } = command;
  return {
    decode: compressed,
    family,
    http2,
    ...(unixSocket !== undefined && { path: unixSocket }),
    ...(connectTimeout !== undefined && { timeouts: { connect: connectTimeout } }),
    ...(maxRatio !== undefined && { limits: { maxDecodingRatio: maxRatio } }),
    tls: await tlsOptions(command.tls),
  };
}

async function tlsOptions({ insecure, authorities, certificate, key }: TlsWords) {
  return {
    rejectUnauthorized: !insecure,
    ...(authorities !== undefined && { ca: await readFile(authorities) }),
    ...(certificate !== undefined && { cert: await readFile(certificate) }),
    ...(key !== undefined && { key: await readFile(key) }),
  };
}

/** What the options of a `Client` are called on the command line. */
const NAMES: Readonly<Record<string, string>> = {
  'limits.maxDecodingRatio': '--max-ratio',
  'options.tls.ca': '--cacert',
  'options.tls.cert': '--cert',
  'options.tls.key': '--key',
  'options.tls.passphrase': 'the passphrase',
  'tls.ca': '--cacert',
};

function inWordsOfOptions(message: string): string {
  return message.replace(/(?:options\.)?(?:tls|limits)\.\w+/g, (name) => NAMES[name] ?? name);
}

async function get(
  client: Client,
  url: string,
  requestFor: () => Promise<GetRequest>,
  output: ContentOutput,
  command: GetCommand,
): Promise<number> {
  if (!URL.canParse(url)) {
    complain(`"${url}": expected a URL.`);
    return EXIT.malformedUrl;
  }
  const printer = command.verbose ? newPrinter() : undefined;
  const timings = new Timings();
  const isWebSocket = /^wss?:/i.test(url);
  const heads: string[] = [];
  let isAnswered = false;
  try {
    const request = await requestFor();
    const observer = observerFor(printer, timings, heads);
    if (isWebSocket) return await converse(client, request, observer, output);
    const response = await client.fetch(request.url, { ...request.init, observer });
    isAnswered = true;
    if (command.fail && response.status >= 400) {
      complain(`the response is ${response.status} ${visible(response.statusText)}.`);
      void response.body?.cancel();
      return EXIT.httpError;
    }
    await write(response, command.include ? heads.join('') : '', output, command);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isTooLate = error.name === 'TimeoutError';
    const message = isTooLate ? 'it took longer than --max-time' : inWordsOfOptions(error.message);
    complain(visible(`${message.replace(/\.$/, '')}.`));
    return error instanceof WriteError || error instanceof BinaryOutput
      ? EXIT.writeError
      : exitCodeFor(error, isAnswered);
  } finally {
    await output.close();
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

/** As curl shows a response of HTTP/2, whose status is a pseudo-field. */
const withStatusLine = (head: string): string => head.replace(/^:status: (\d+)/, 'HTTP/2 $1 ');

/** @param heads gets those of the responses, as they are on the wire. */
function observerFor(printer: WirePrinter | undefined, timings: Timings, heads: string[]): WireObserver {
  const observers = printer === undefined ? [timings] : [timings, printer];
  return {
    onConnection: (connection) => observers.forEach((one) => void one.onConnection(connection)),
    onRequestHead: (head) => observers.forEach((one) => void one.onRequestHead(head)),
    onRequestEnd: () => timings.onRequestEnd(),
    onResponseHead: (head) => {
      heads.push(withStatusLine(head));
      observers.forEach((one) => void one.onResponseHead(head));
    },
    onContent: (octets) => printer?.onContent(octets),
    ...(printer !== undefined && {
      onFrame: (frame) => printer.onFrame(frame),
      onWebSocketFrame: (frame) => printer.onWebSocketFrame(frame),
    }),
    onResponseEnd: () => observers.forEach((one) => void one.onResponseEnd()),
    onRedirect: (to, status) => printer?.onRedirect(to, status),
    onRetry: (error) => printer?.onRetry(error),
  };
}

/** @param heads go before the content; one character for each octet. */
async function write(
  response: ClientResponse,
  heads: string,
  output: ContentOutput,
  command: GetCommand,
): Promise<void> {
  const isShown = !output.isTerminal && !command.silent && process.stderr.isTTY;
  const progress = isShown ? newProgress(response) : undefined;
  try {
    if (heads !== '') await output.write(Buffer.from(heads, output.isTerminal ? 'utf8' : 'latin1'));
    for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      await output.write(piece);
      progress?.add(piece.length);
    }
    await output.end();
  } finally {
    progress?.end();
  }
}

function newProgress(response: ClientResponse): Progress {
  const length = response.headers.get('content-length');
  const total = length === null ? undefined : Number(length);
  const print = (text: string) => void process.stderr.write(text);
  return new Progress({ print, total, now: () => performance.now() });
}
