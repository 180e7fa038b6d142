import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isAddress, parseHostName } from '../../../src/site/access/host-name.ts';

describe('parseHostName', () => {
  it('takes names, as people write them', () => {
    assert.equal(parseHostName('App.Example'), 'app.example');
    assert.equal(parseHostName('*.App.example'), '*.app.example');
    assert.equal(parseHostName('bücher.example'), 'xn--bcher-kva.example');
    assert.equal(parseHostName('box'), 'box');
  });

  for (const text of [
    '',
    '*',
    '*.',
    'a*',
    'a.*',
    'a:80',
    'http://a',
    'a/b',
    'a b',
    'u@a',
    '127.0.0.1',
    '[::1]',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseHostName(text), /expected a host name/);
    });
  }
});

describe('isAddress', () => {
  it('tells addresses, as URLs have them, from names', () => {
    for (const address of ['127.0.0.1', '[::1]']) assert.ok(isAddress(address), address);
    for (const name of ['localhost', '127.0.0.1.example', '1.example']) assert.ok(!isAddress(name), name);
  });
});
