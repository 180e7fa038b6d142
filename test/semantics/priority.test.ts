import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePriority } from '../../src/semantics/priority.ts';

const rows: { title: string; values: [value: string, urgency: number, incremental: boolean][] }[] = [
  {
    title: 'RFC 9218 §4: without a wish the urgency is 3, and the response not incremental',
    values: [
      ['', 3, false],
      ['a=1', 3, false],
    ],
  },
  {
    title: 'RFC 9218 §4.1: the urgency is 0 to 7',
    values: [
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((urgency): [string, number, boolean] => [
        `u=${urgency}`,
        urgency,
        false,
      ]),
      ['u=1, i', 1, true],
      ['i,u=1', 1, true],
    ],
  },
  {
    title: 'RFC 9218 §4.2: incremental is a boolean',
    values: [
      ['i', 3, true],
      ['i=?1', 3, true],
      ['i=?0', 3, false],
      ['u=5, i=?0', 5, false],
    ],
  },
  {
    title: 'RFC 9218 §4: values out of range or of another type, and members that nobody knows, are ignored',
    values: [
      ['u=8', 3, false],
      ['u=-1', 3, false],
      ['u=10', 3, false],
      ['u=1.5', 3, false],
      ['u="1"', 3, false],
      ['u', 3, false],
      ['i=1', 3, false],
      ['u=9, i', 3, true],
      ['x, u=2, i, y=?1', 2, true],
    ],
  },
  {
    title: 'RFC 8941 §3.2: of a member that is there twice the last counts',
    values: [
      ['u=1, u=5', 5, false],
      ['i, i=?0', 3, false],
    ],
  },
  {
    title: 'RFC 8941 §3.1.2: parameters of a member that nobody knows are ignored, the member is not',
    values: [
      ['u=5;a', 5, false],
      ['i;a=1', 3, true],
    ],
  },
  {
    title: 'RFC 8941 §4.2: a field that is no dictionary is ignored as a whole',
    values: [
      ['u=1, i=?2', 3, false],
      ['u=1 ;a', 3, false],
      ['u=1,', 3, false],
      ['u=1, =', 3, false],
    ],
  },
];

for (const { title, values } of rows) {
  test(title, () => {
    for (const [value, urgency, incremental] of values) {
      assert.deepEqual(parsePriority(value), { urgency, incremental }, JSON.stringify(value));
    }
  });
}
