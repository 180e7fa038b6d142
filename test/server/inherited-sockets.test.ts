import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server as SocketServer } from 'node:net';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serve } from '../../src/index.ts';
import { inheritSockets, noteListening, takeInheritedSocket } from '../../src/server/inherited-sockets.ts';

const TABLE = Symbol.for('serval.inheritedSockets');
const FIXTURE = fileURLToPath(new URL('../support/servers/on-descriptor.js', import.meta.url));

const v4 = { fd: 3, hostnames: ['127.0.0.1', 'localhost'], port: 8080 };
const v6 = { fd: 4, hostnames: ['::1'], port: 8080 };
const unix = { fd: 5, path: '/run/app.sock' };

describe('inherited sockets', () => {
  after(() => {
    Reflect.deleteProperty(globalThis, TABLE);
  });

  it('are none of anybody who has not inherited any', () => {
    assert.equal(takeInheritedSocket({ port: 8080 }), undefined);
  });

  it('are found by each name that was asked for, and by the path', () => {
    for (const hostname of ['127.0.0.1', 'localhost', 'LocalHost', undefined]) {
      inheritSockets([v6, v4, unix]);
      const wanted = hostname === undefined ? { port: 8080 } : { port: 8080, hostname };
      assert.equal(takeInheritedSocket(wanted), hostname === undefined ? v6 : v4);
    }
    assert.equal(takeInheritedSocket({ path: '/run/app.sock' }), unix);
  });

  it('are found by their descriptor, which may also be of a socket that was not inherited here', () => {
    inheritSockets([v4]);
    assert.equal(takeInheritedSocket({ fd: 3 }), v4);
    assert.equal(takeInheritedSocket({ fd: 9 }), undefined);
  });

  it('are found by the descriptor that the supervisor was given, whatever their number is here', () => {
    const first = { fd: 5, givenFd: 3, hostnames: ['127.0.0.1'], port: 8080 };
    const second = { fd: 3, givenFd: 4, hostnames: ['127.0.0.1'], port: 8081 };
    inheritSockets([first, second]);
    assert.equal(takeInheritedSocket({ fd: 3 }), first);
    assert.equal(takeInheritedSocket({ fd: 4 }), second);
    assert.equal(takeInheritedSocket({ fd: 5 }), undefined);
  });

  it('serve port 0 while one is free, and then leave it to the system', () => {
    inheritSockets([v4]);
    assert.equal(takeInheritedSocket({ port: 0 }), v4);
    assert.equal(takeInheritedSocket({ port: 0 }), undefined);
  });

  it('are taken once, and the second time are in use', () => {
    inheritSockets([v4]);
    takeInheritedSocket({ port: 8080 });
    assert.throws(() => takeInheritedSocket({ port: 8080 }), { code: 'EADDRINUSE' });
  });

  it('make any other address an error that names both', () => {
    inheritSockets([v4, unix]);
    const refused = /listens on 127\.0\.0\.1:8080, \/run\/app\.sock, and not on 0\.0\.0\.0:9090/;
    assert.throws(() => takeInheritedSocket({ port: 9090 }), refused);
    assert.throws(() => takeInheritedSocket({ port: 8080, hostname: '::1' }), /not on \[::1\]:8080/);
    assert.throws(() => takeInheritedSocket({ path: '/run/other.sock' }), /not on \/run\/other\.sock/);
  });

  it('are meant by who would bind with reusePort, too, and any other port is theirs', () => {
    inheritSockets([v4]);
    assert.equal(takeInheritedSocket({ port: 9090, reusePort: true }), undefined);
    assert.equal(takeInheritedSocket({ port: 8080, reusePort: true }), v4);
  });

  it('tell when all of them are listened on', async () => {
    const { listening, free } = inheritSockets([v4, unix]);
    let isListening = false;
    void listening.then(() => {
      isListening = true;
    });
    takeInheritedSocket({ port: 8080 });
    noteListening(v4);
    await Promise.resolve();
    assert.deepEqual([isListening, free()], [false, [unix]]);
    noteListening(unix);
    await listening;
    assert.deepEqual(free(), []);
  });

  it('that are none there are need no waiting', () => inheritSockets([]).listening);
});

describe('listening on a descriptor', {
  skip: process.platform === 'win32' && 'no descriptors on Windows',
}, () => {
  it('answers in a process that inherits the socket', async () => {
    const bound = createServer();
    bound.listen(0, '127.0.0.1');
    await once(bound, 'listening');
    const { port } = bound.address() as { port: number };
    const { fd } = (bound as SocketServer & { _handle: { fd: number } })._handle;
    const child = spawn(process.execPath, [FIXTURE], { stdio: ['pipe', 'pipe', 'inherit', fd] });
    try {
      await once(child.stdout!, 'data');
      bound.close();
      const response = await fetch(`http://127.0.0.1:${port}/`);
      assert.equal(await response.text(), `on port ${port}`);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('refuses an address beside it, and what is no descriptor', async () => {
    const handler = () => new Response();
    assert.throws(() => serve(handler, { fd: 3, port: 80 }), {
      name: 'TypeError',
      message: 'options.fd: cannot be combined with options.port',
    });
    assert.throws(() => serve(handler, { fd: -1 }), { name: 'RangeError', message: /options\.fd.*-1/ });
    assert.throws(() => serve(handler, { fd: '3' as never }), { name: 'TypeError', message: /options\.fd/ });
    await assert.rejects(serve(handler, { fd: 123_456 }).ready, { code: 'EINVAL' });
  });
});
