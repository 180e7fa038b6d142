import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDuration } from '../../../src/site/config/duration.ts';

describe('parseDuration', () => {
  const read: [string, number][] = [
    ...([
      ['65', 65_000],
      ['65s', 65_000],
      ['500ms', 500],
      ['1.5m', 90_000],
      ['2h', 7_200_000],
    ] as [string, number][]),
    ...([
      ['0', 0],
      ['0ms', 0],
      ['1 s', 1_000],
      ['0.001', 1],
      ['2147483647ms', 2 ** 31 - 1],
    ] as [string, number][]),
  ];
  for (const [text, milliseconds] of read)
    it(`reads ${text}`, () => assert.equal(parseDuration(text), milliseconds));

  for (const text of [
    '',
    's',
    '-1',
    '1e3',
    '0x10',
    '1.',
    '.5',
    '1d',
    '1 ms ',
    '1S',
    '2147483648ms',
    '999h',
    '٣',
  ])
    it(`refuses "${text}"`, () => assert.equal(parseDuration(text), undefined));
});
