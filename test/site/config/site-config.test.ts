import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withOptions } from '../../../src/site/config/site-config.ts';

describe('withOptions', () => {
  it('merges the options of the command line, which take precedence', () => {
    const config = { spa: true, listing: true, upload: { maxSize: '5M' } };
    assert.deepEqual(withOptions(config, { spa: 'a.html', upload: { overwrite: true } }), {
      spa: 'a.html',
      listing: true,
      upload: { maxSize: '5M', overwrite: true },
    });
    assert.deepEqual(
      withOptions({ timeouts: { idle: '1s', send: '2s' } }, { timeouts: { idle: '3s' }, limits: {} }),
      { timeouts: { idle: '3s', send: '2s' }, limits: {} },
    );
    assert.deepEqual(withOptions({ upload: true }, {}), { upload: true });
    assert.deepEqual(withOptions({ upload: false }, { upload: {} }), { upload: {} });
  });
});
