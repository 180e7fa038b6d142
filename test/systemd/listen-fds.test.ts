import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listenFds } from '../../src/systemd/listen-fds.ts';

describe('listenFds', () => {
  test('sd_listen_fds(3): descriptors begin at 3, in order, each with its name', () => {
    assert.deepEqual(
      listenFds({ LISTEN_PID: '7', LISTEN_FDS: '3', LISTEN_FDNAMES: 'http::admin.socket' }, 7),
      [
        { fd: 3, name: 'http' },
        { fd: 4, name: 'unknown' },
        { fd: 5, name: 'admin.socket' },
      ],
    );
    assert.deepEqual(listenFds({ LISTEN_PID: '7', LISTEN_FDS: '1' }, 7), [{ fd: 3, name: 'unknown' }]);
    assert.deepEqual(listenFds({ LISTEN_PID: '7', LISTEN_FDS: '1', LISTEN_FDNAMES: 'a:b' }, 7), [
      { fd: 3, name: 'a' },
    ]);
  });

  test('sd_listen_fds(3): what was meant for another process is not ours', () => {
    for (const pid of ['8', '', '07', '7 ', '77', undefined])
      assert.deepEqual(listenFds({ LISTEN_PID: pid, LISTEN_FDS: '1' }, 7), [], String(pid));
    assert.deepEqual(listenFds({ LISTEN_FDS: '1' }, 7), []);
    assert.deepEqual(listenFds({}, 7), []);
  });

  test('sd_listen_fds(3): none are none', () => {
    assert.deepEqual(listenFds({ LISTEN_PID: '7', LISTEN_FDS: '0' }, 7), []);
    assert.deepEqual(listenFds({ LISTEN_PID: '7' }, 7), []);
  });

  test('sd_listen_fds(3): a number that is none is a RangeError that shows it', () => {
    for (const text of ['', '-1', '1.5', 'x', '1e3', '1000000'])
      assert.throws(
        () => listenFds({ LISTEN_PID: '7', LISTEN_FDS: text }, 7),
        (error: unknown) => error instanceof RangeError && error.message.includes(JSON.stringify(text)),
      );
  });

  test('sd_listen_fds(3): it is this process and its environment that are asked', () => {
    const before = { ...process.env };
    try {
      process.env['LISTEN_PID'] = String(process.pid);
      process.env['LISTEN_FDS'] = '1';
      assert.deepEqual(listenFds(), [{ fd: 3, name: 'unknown' }]);
    } finally {
      delete process.env['LISTEN_PID'];
      delete process.env['LISTEN_FDS'];
      Object.assign(process.env, before);
    }
  });
});
