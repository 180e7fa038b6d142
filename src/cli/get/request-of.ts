/** What `serval get` sends to one URL: the fields and the content that the options ask for. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import type { FetchInit, RequestBodyInit } from '../../client/index.ts';
import type { DataPart, GetCommand } from './get-words.ts';

export interface GetRequest {
  readonly url: string;
  readonly init: FetchInit;
}

/**
 * @param url one that can be parsed.
 * @param data the content for all URLs.
 * @param upload a file, or `-` for standard input.
 */
export async function requestOf(
  url: string,
  command: GetCommand,
  data: Uint8Array<ArrayBuffer> | undefined,
  upload: string | undefined,
): Promise<GetRequest> {
  const { fields, omitted, maxTime } = command;
  const target = new URL(url);
  const headers = fields.map(([name, value]): [string, string] => [name, value]);
  const isGiven = (name: string) => fields.some(([given]) => given.toLowerCase() === name);
  const user = command.user ?? userOf(target);
  target.username = '';
  target.password = '';
  if (user !== undefined && !isGiven('authorization'))
    headers.push(['Authorization', `Basic ${Buffer.from(user).toString('base64')}`]);
  const init: FetchInit = {
    method: command.method ?? (data !== undefined ? 'POST' : upload !== undefined ? 'PUT' : 'GET'),
    headers,
    omit: omitted,
    redirect: command.follow ? 'follow' : 'manual',
  };
  if (maxTime !== undefined) init.signal = AbortSignal.timeout(maxTime);
  if (data !== undefined) {
    if (!isGiven('content-type') && !omitted.includes('content-type'))
      headers.push(['Content-Type', 'application/x-www-form-urlencoded']);
    init.body = data;
  }
  if (upload !== undefined) {
    const { body, length } = await uploadOf(upload);
    init.body = body;
    if (length !== undefined && !isGiven('content-length')) headers.push(['Content-Length', String(length)]);
    // As with curl: a URL of a folder gets the name of the file.
    if (target.pathname.endsWith('/') && target.search === '' && upload !== '-')
      target.pathname += encodeURIComponent(basename(upload));
  }
  return { url: target.href, init };
}

/** `http://user:password@host/`. */
function userOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `${decoded(username)}:${decoded(password)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The length of a file is known beforehand; that of a pipe is not. */
async function uploadOf(name: string): Promise<{ body: RequestBodyInit; length: number | undefined }> {
  if (name === '-') return { body: process.stdin, length: undefined };
  const facts = await stat(name);
  return { body: createReadStream(name), length: facts.isFile() ? facts.size : undefined };
}

/** As with curl: parts are joined by `&`, and a file loses its line breaks and NULs unless it is binary. */
export async function dataOf(parts: readonly DataPart[]): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (parts.length === 0) return undefined;
  const pieces: Uint8Array[] = [];
  for (const { kind, value, isBinary } of parts) {
    if (pieces.length > 0) pieces.push(Buffer.from('&'));
    if (kind === 'text') pieces.push(Buffer.from(value));
    else {
      const content = value === '-' ? await standardInput() : await readFile(value);
      pieces.push(
        isBinary ? content : content.filter((octet) => octet !== 0 && octet !== 10 && octet !== 13),
      );
    }
  }
  return new Uint8Array(Buffer.concat(pieces));
}

async function standardInput(): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin as Readable) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
