/** The projects of `examples/`: installed with the tarball, compiled, started, and asked by a client that is not Serval's. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { WebSocket } from 'ws';
import { RunningProgram } from '../support/running-program.ts';
import { runNode } from './commands.ts';
import { faultOf, type Outcome } from './outcome.ts';
import { npmInstall } from './package-managers.ts';
import { ROOT, type Tarball } from './tarball.ts';

/** By the name of the folder. @param url of the running example, with a slash at its end. */
const CLIENTS: Readonly<Record<string, (url: string) => Promise<void>>> = {
  'api-and-files': async (url) => {
    const page = await fetch(url);
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.match(await page.text(), /<h1>Time<\/h1>/);
    const { time } = (await (await fetch(`${url}api/time`)).json()) as { time: string };
    assert.ok(Math.abs(Date.parse(time) - Date.now()) < 10_000, time);
    const sum = await fetch(`${url}api/sum`, { method: 'POST', body: '[1, 2, 3]' });
    assert.deepEqual(await sum.json(), { sum: 6 });
    assert.equal((await fetch(`${url}api/sum`, { method: 'POST', body: 'x' })).status, 400);
    assert.equal((await fetch(`${url}missing`)).status, 404);
  },
  hono: async (url) => {
    const headers = { 'Content-Type': 'application/json' };
    const made = await fetch(`${url}notes`, { method: 'POST', headers, body: '{"text":"milk"}' });
    assert.deepEqual([made.status, made.headers.get('location')], [201, '/notes/1']);
    assert.deepEqual(await (await fetch(`${url}notes/1`)).json(), { text: 'milk' });
    assert.deepEqual(await (await fetch(`${url}notes`)).json(), [{ id: 1, text: 'milk' }]);
    assert.equal((await fetch(`${url}notes/2`)).status, 404);
    assert.equal((await fetch(`${url}notes`, { method: 'POST', headers, body: '{}' })).status, 400);
  },
  sse: async (url) => {
    assert.match(await (await fetch(url)).text(), /EventSource/);
    const response = await fetch(`${url}events`, { headers: { 'Last-Event-ID': '7' } });
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    let text = '';
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (text.includes('event 9')) break;
    }
    assert.equal(text, 'id: 8\ndata: event 8\n\nid: 9\ndata: event 9\n\n');
  },
  uploads: async (url) => {
    const form = new FormData();
    form.append('files', new Blob(['first']), 'first.txt');
    form.append('files', new Blob(['second']), 'a second.txt');
    const headers = { Accept: 'application/json' };
    assert.ok((await fetch(url, { method: 'POST', headers, body: form })).ok);
    const put = await fetch(`${url}third.txt`, { method: 'PUT', body: 'third' });
    assert.equal(put.status, 201);
    assert.equal(await (await fetch(`${url}a%20second.txt`)).text(), 'second');
    assert.match(await (await fetch(url)).text(), /a second\.txt.*first\.txt.*third\.txt/s);
    assert.equal((await fetch(`${url}third.txt`, { method: 'PUT', body: 'other' })).status, 409);
  },
  websocket: async (url) => {
    assert.match(await (await fetch(url)).text(), /<h1>Chat<\/h1>/);
    const address = url.replace('http', 'ws');
    const [ann, annHears] = await connected(address);
    const [bob, bobHears] = await connected(address);
    await until(() => annHears.includes('Visitor 2 is here'));
    bob.send('hello');
    await until(() => annHears.includes('Visitor 2: hello'));
    ann.close();
    await until(() => bobHears.includes('Visitor 1 has left'));
    assert.deepEqual(bobHears, ['Visitor 1 has left']);
    bob.close();
  },
  workers: async (url) => {
    const processes = new Set<number>();
    for (let attempt = 0; attempt < 200 && processes.size < 2; attempt++) {
      const response = await fetch(`${url}path?a`, { headers: { Connection: 'close' } });
      const { process: pid, path } = (await response.json()) as { process: number; path: string };
      assert.equal(path, '/path?a');
      processes.add(pid);
    }
    assert.equal(processes.size, 2);
  },
};

export async function checkExamples(tarball: Tarball, scratch: string): Promise<Outcome[]> {
  const folders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const outcomes: Outcome[] = [];
  for (const name of folders)
    outcomes.push({
      what: ['example', name],
      fault: await faultOf(() => checkExample(name, tarball, join(scratch, 'examples', name))),
    });
  return outcomes;
}

async function checkExample(name: string, tarball: Tarball, folder: string): Promise<void> {
  const ask = CLIENTS[name];
  assert.ok(ask, `no client asks examples/${name}`);
  const own = ['node_modules', 'dist', 'inbox', 'package-lock.json'].map((entry) =>
    join(ROOT, 'examples', name, entry),
  );
  cpSync(join(ROOT, 'examples', name), folder, { recursive: true, filter: (file) => !own.includes(file) });
  const { scripts, dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  assert.equal(scripts.start, 'tsc && node dist/server.js');
  const named = join(folder, dependencies.serval.replace('file:', ''));
  assert.ok(existsSync(named), `${dependencies.serval} is not the tarball, ${tarball.file}`);
  await npmInstall(folder);
  await runNode(folder, 'node_modules/typescript/bin/tsc');
  let url: string | undefined;
  await using program = new RunningProgram(
    {
      file: process.execPath,
      words: ['dist/server.js'],
      environment: { PORT: '0', WORKERS: '2' },
      folder,
    },
    (line) => {
      url ??= /^Listening at (http:\S+)$/.exec(line)?.[1];
    },
  );
  const ended = program.exited.then((end) => {
    if (url === undefined) throw new Error(`it has ended with ${end}: ${program.output}`);
  });
  await Promise.race([until(() => url !== undefined), ended]);
  try {
    await ask(url!);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${program.output}`);
  }
  program.child.kill('SIGTERM');
  assert.equal(await program.exited, 'status 0', program.output);
}

/** A client of the chat, and what it hears. */
async function connected(address: string): Promise<[socket: WebSocket, heard: string[]]> {
  const socket = new WebSocket(address);
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(String(data)));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return [socket, heard];
}

const PATIENCE_MS = 20_000;

async function until(isTrue: () => boolean): Promise<void> {
  for (const started = Date.now(); !isTrue(); ) {
    if (Date.now() - started > PATIENCE_MS) throw new Error(`not within ${PATIENCE_MS} ms: ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
