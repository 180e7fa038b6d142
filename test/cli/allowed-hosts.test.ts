/** Which names the command line answers to, by where it listens and what it is told. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ServalProcess } from './serval-process.ts';

// Two at a time: each is a process that starts.
describe('serval, asked by a name', { concurrency: 2 }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serval-hosts-'));
    await writeFile(join(folder, 'index.html'), 'home');
  });
  after(() => rm(folder, { recursive: true }));

  const ask = ({ port }: ServalProcess, host: string, head = 'GET /', content = ''): Promise<string> =>
    new Promise((resolve, reject) => {
      let received = '';
      const fields = `${host}Content-Length: ${content.length}\r\nConnection: close\r\n\r\n`;
      const version = host === '' ? 'HTTP/1.0' : 'HTTP/1.1';
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(`${head} ${version}\r\n${fields}${content}`),
      );
      socket.setEncoding('latin1').on('data', (text: string) => {
        received += text;
      });
      socket.on('error', reject).on('close', () => resolve(received));
    });
  const statuses = async (serval: ServalProcess, hosts: readonly string[]): Promise<number[]> => {
    const answers = await Promise.all(hosts.map((host) => ask(serval, `Host: ${host}\r\n`)));
    return answers.map((answer) => Number(answer.slice(9, 12)));
  };

  it('lets only its own in on a loopback address, and says how to have others', async () => {
    await using serval = await ServalProcess.serve([folder, '--upload', '--log']);
    const own = ['localhost', 'a.localhost', '127.0.0.1', '[::1]'];
    assert.deepEqual(
      await statuses(serval, own),
      own.map(() => 200),
    );
    assert.match(await ask(serval, ''), /^HTTP\/1\.1 200 /, 'RFC 9112 §3.2: HTTP/1.0 need not name a host');
    const answer = await ask(serval, 'Host: evil.example\r\n');
    assert.match(answer, /^HTTP\/1\.1 421 [\s\S]*--allow-host evil\.example\n/);
    // What a page of a name that was rebound would send: to the browser it is of the same origin.
    const fields = 'Host: evil.example\r\nOrigin: http://evil.example\r\nSec-Fetch-Site: same-origin\r\n';
    assert.match(await ask(serval, fields, 'PUT /a.txt', 'x'), /^HTTP\/1\.1 421 /);
    assert.deepEqual(await readdir(folder), ['index.html']);
    // The target has the last word (RFC 9112 §3.2.2).
    assert.match(await ask(serval, 'Host: evil.example\r\n', 'GET http://evil.example/'), /^HTTP\/1\.1 421 /);
    await serval.says(/ 421 PUT {2}\/a\.txt /);
  });

  it('lets in by the names that it is given', async () => {
    await using serval = await ServalProcess.serve([
      ...[folder, '--allow-host', 'app.example', '--allow-host=*.b.example'],
    ]);
    assert.deepEqual(
      await statuses(serval, ['app.example', 'x.b.example', 'b.example', 'localhost', 'evil.example']),
      [200, 200, 421, 200, 421],
    );
  });

  it('does not ask on a network, unless it is given names', async () => {
    await using open = await ServalProcess.serve([folder, '--host', '0.0.0.0']);
    assert.deepEqual(await statuses(open, ['box.local', 'localhost']), [200, 200]);
    await using named = await ServalProcess.serve([
      ...[folder, '--host', '0.0.0.0', '--allow-host', 'box.local'],
    ]);
    assert.deepEqual(
      await statuses(named, ['box.local', 'localhost', '192.0.2.1', 'evil.example']),
      [200, 200, 200, 421],
    );
  });

  it('guards the demo, which stores what it is sent', async () => {
    await using serval = await ServalProcess.serve(['demo']);
    const put = await ask(serval, 'Host: evil.example\r\n', 'PUT /files/a', 'x');
    assert.match(put, /^HTTP\/1\.1 421 /);
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nOrigin: http://evil.example\r\n';
    const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
    const socket = await ask(serval, `Host: evil.example\r\n${upgrade}${key}`, 'GET /echo');
    assert.match(socket, /^HTTP\/1\.1 421 /);
  });
});
