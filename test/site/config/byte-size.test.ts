import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseByteSize } from '../../../src/site/config/byte-size.ts';

describe('parseByteSize', () => {
  const sizes: Record<string, number | undefined> = {
    '1': 1,
    '500': 500,
    '500B': 500,
    '64k': 65_536,
    '64K': 65_536,
    '64KiB': 65_536,
    '64kB': 64_000,
    '1.5 GiB': 1_610_612_736,
    '100MB': 100_000_000,
    '2g': 2 ** 31,
    '0.5K': 512,
    '0': undefined,
    '0.1': undefined,
    '': undefined,
    K: undefined,
    '-1': undefined,
    '1e3': undefined,
    '1TB': undefined,
    '1 G B': undefined,
    '1,5G': undefined,
    '99999999G': undefined,
    ' 1': undefined,
    '1constructor': undefined,
  };
  for (const [text, octets] of Object.entries(sizes)) {
    it(`reads "${text}" as ${octets}`, () => assert.equal(parseByteSize(text), octets));
  }
});
