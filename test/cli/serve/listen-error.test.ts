import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { explainListenError } from '../../../src/cli/serve/listen-error.ts';

function explain(code: string, port = 4221, host = '127.0.0.1'): string {
  return explainListenError(Object.assign(new Error(`listen ${code}`), { code }), {
    host,
    port,
    unix: undefined,
  });
}

describe('explainListenError', () => {
  it('says of a unix socket what may be the matter, in one line', () => {
    const unixError = (code: string) =>
      explainListenError(Object.assign(new Error(`listen ${code}`), { code }), {
        ...{ host: '127.0.0.1', port: 4221, unix: { path: '/run/x' } },
      });
    assert.match(unixError('EADDRINUSE'), /^\/run\/x is in use/);
    assert.match(unixError('EACCES'), /\/run\/x: there is no such folder/);
    assert.match(unixError('ENAMETOOLONG'), /\/run\/x: listen ENAMETOOLONG/);
  });

  it('says of the sockets of systemd what it needs', () => {
    const error = Object.assign(new Error('listen EINVAL'), { code: 'EINVAL' });
    assert.match(
      explainListenError(error, { host: 'x', port: 1, unix: undefined }, [3]),
      /systemd.*Accept=no.*EINVAL/,
    );
  });

  it('says what to try, in one line', () => {
    assert.match(explain('EADDRINUSE'), /port 4221 on 127\.0\.0\.1 is in use.*--port 4222/);
    assert.match(explain('EADDRINUSE', 65535), /--port 65534/);
    assert.match(explain('EACCES', 80), /port 80 .*--port 8080/);
    assert.match(explain('EACCES', 4221), /another --port/);
    assert.match(
      explain('EADDRNOTAVAIL', 4221, '192.0.2.1'),
      /192\.0\.2\.1 is not an address.*--host 127\.0\.0\.1/,
    );
    assert.match(explain('ENOTFOUND', 4221, 'no.invalid'), /"no\.invalid"/);
    assert.match(explain('EPERM'), /listen EPERM/);
    for (const code of ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EPERM']) {
      assert.ok(!explain(code).includes('\n'));
    }
  });
});
