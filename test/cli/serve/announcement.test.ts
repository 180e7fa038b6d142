import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import os, { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { urlsOf } from '../../../src/cli/serve/addresses.ts';
import { type Announced, announcement, warnings } from '../../../src/cli/serve/announcement.ts';
import type { SocketAddress } from '../../../src/io/socket-address.ts';
import { isLoopback } from '../../../src/semantics/address/ip-address.ts';

const at = (address: string): SocketAddress => ({
  address,
  port: 80,
  family: address.includes(':') ? 'IPv6' : 'IPv4',
});

describe('addresses', () => {
  it('are told by whom they reach', () => {
    assert.deepEqual(urlsOf(at('127.0.0.1')), [{ reach: 'Local', url: 'http://127.0.0.1:80/' }]);
    assert.deepEqual(urlsOf(at('::1')), [{ reach: 'Local', url: 'http://[::1]:80/' }]);
    assert.deepEqual(urlsOf(at('192.0.2.1')), [{ reach: 'Network', url: 'http://192.0.2.1:80/' }]);
  });

  it('are all that this machine has, where it listens on all', () => {
    const own = Object.values(networkInterfaces())
      .flatMap((entries) => entries ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    const urls = urlsOf(at('0.0.0.0'));
    assert.deepEqual(urls[0], { reach: 'Local', url: 'http://127.0.0.1:80/' });
    assert.deepEqual(
      urls.slice(1),
      own.map(({ address }) => ({ reach: 'Network', url: `http://${address}:80/` })),
    );
    assert.ok(urlsOf(at('::')).length >= urls.length);
  });

  it('are those that are known, where the system does not say which there are', (t) => {
    const { mock } = t.mock.method(os, 'networkInterfaces', () => {
      throw new Error('uv_interface_addresses returned Unknown system error 97');
    });
    syncBuiltinESMExports();
    try {
      assert.deepEqual(urlsOf(at('::')), [{ reach: 'Local', url: 'http://127.0.0.1:80/' }]);
      assert.equal(mock.callCount(), 1);
    } finally {
      mock.restore();
      syncBuiltinESMExports();
    }
  });

  it('of loopback are 127/8 and ::1', () => {
    for (const address of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])
      assert.ok(isLoopback(address));
    for (const address of ['0.0.0.0', '::', '10.0.0.127', '192.168.1.1', 'fe80::1'])
      assert.ok(!isLoopback(address));
  });
});

describe('the announcement', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'serval-announced-'));
    await writeFile(join(directory, 'home.html'), '');
  });
  after(() => rm(directory, { recursive: true }));

  const announced = (more: Partial<Announced>): Announced => ({
    demo: false,
    directory,
    addresses: [at('127.0.0.1')],
    config: {},
    configFile: undefined,
    ...more,
  });

  it('says what is served, and where', () => {
    const text = announcement(announced({ config: { index: 'home.html' }, configFile: '/x/serval.json' }));
    assert.equal(
      text,
      `Serval serves ${directory} at\n  Local:   http://127.0.0.1:80/\nSettings: /x/serval.json\nPress Ctrl-C to stop.\n`,
    );
  });

  it('says that there is no page to begin with, unless there is a listing', () => {
    assert.match(announcement(announced({})), /There is no index\.html\. .*--listing/);
    assert.match(announcement(announced({ config: { index: false } })), /There is no index\. /);
    assert.doesNotMatch(announcement(announced({ config: { listing: true } })), /There is no/);
    assert.doesNotMatch(announcement(announced({ demo: true })), /There is no/);
  });

  it('warns of passwords and uploads on a network, in one line each', () => {
    const auth = ['ann:x'];
    const wide = [at('0.0.0.0')];
    assert.deepEqual(warnings(announced({ config: { auth, upload: true } })), []);
    assert.deepEqual(warnings(announced({ addresses: wide })), []);
    assert.match(
      warnings(announced({ addresses: wide, config: { auth } })).join('|'),
      /^passwords .*TLS[^|]*$/,
    );
    assert.match(
      warnings(announced({ addresses: wide, config: { upload: {} } })).join('|'),
      /^anyone .*--auth[^|]*$/,
    );
    assert.equal(warnings(announced({ addresses: wide, config: { upload: {}, auth } })).length, 1);
    assert.deepEqual(warnings(announced({ demo: true, addresses: wide, config: { auth } })), []);
  });

  it('says of a config among the files that it is not read', async () => {
    const file = join(directory, 'serval.json');
    await writeFile(file, '{}');
    try {
      assert.deepEqual(warnings(announced({})), [
        `${file} is served, not read; use --config "${file}" to read it`,
      ]);
      assert.deepEqual(warnings(announced({ configFile: file })), []);
    } finally {
      await rm(file);
    }
  });
});
