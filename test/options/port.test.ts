import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPort, withNumericPort } from '../../src/options/port.ts';

const refused = (value: unknown) => ({
  message: `options.port: expected an integer from 0 to 65535, got ${typeof value === 'string' ? JSON.stringify(value) : value}`,
});

describe('a port', () => {
  test('is a number, or the text of an environment variable', () => {
    for (const [value, port] of [
      ...[[undefined, undefined] as const, [0, 0] as const, ['0', 0] as const, ['8080', 8080] as const],
      ...[[65_535, 65_535] as const, ['65535', 65_535] as const, ['00080', 80] as const],
    ])
      assert.equal(readPort('options.port', value), port);
  });

  test('nothing else', () => {
    for (const value of [
      '',
      ' 80',
      '80 ',
      '80a',
      '0x50',
      '1e3',
      '+80',
      '-1',
      '8.0',
      '65536',
      '99999999999',
      65_536,
      -1,
      1.5,
    ])
      assert.throws(() => readPort('options.port', value), refused(value));
    assert.throws(() => readPort('options.port', '65536'), RangeError);
    assert.throws(() => readPort('options.port', '80a'), TypeError);
  });

  test('withNumericPort leaves the other options alone', () => {
    assert.deepEqual(withNumericPort({ port: '80', hostname: 'a' }), { port: 80, hostname: 'a' });
    const options: { hostname: string; port?: number } = { hostname: 'a' };
    assert.equal(withNumericPort(options), options);
  });
});
