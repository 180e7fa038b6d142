import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CLOSE,
  KEEP_ALIVE,
  parseConnectionOptions,
  UPGRADE_OPTION,
} from '../../../src/semantics/connection/connection-options.ts';

const rows: { title: string; values: [value: string, options: number][] }[] = [
  {
    title: 'RFC 9110 §7.6.1: connection options are case-insensitive',
    values: [
      ['close', CLOSE],
      ['Close', CLOSE],
      ['KEEP-ALIVE', KEEP_ALIVE],
      ['upGrade', UPGRADE_OPTION],
    ],
  },
  {
    title: 'RFC 9110 §7.6.1: Connection is a list, in any order, with white space and empty members',
    values: [
      ['keep-alive, Upgrade', KEEP_ALIVE | UPGRADE_OPTION],
      ['upgrade,keep-alive,close', CLOSE | KEEP_ALIVE | UPGRADE_OPTION],
      [' \tclose\t, keep-alive ', CLOSE | KEEP_ALIVE],
      [',,close,,', CLOSE],
      ['close, close', CLOSE],
    ],
  },
  {
    title: 'RFC 9110 §7.6.1: options that nobody knows, and what only looks like a known one, are ignored',
    values: [
      ['', 0],
      ['x', 0],
      ['x, close, te', CLOSE],
      ['closed', 0],
      ['clos', 0],
      ['"close"', 0],
      ['close;q=1', 0],
      ['clo se', 0],
      ['close upgrade', 0],
      ['close\xa0', 0],
      ['\vclose', 0],
      ['__proto__, constructor', 0],
    ],
  },
];

for (const { title, values } of rows) {
  test(title, () => {
    for (const [value, options] of values)
      assert.equal(parseConnectionOptions(value), options, JSON.stringify(value));
  });
}
