import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameFault } from '../../../src/http2/frame/frame-rules.ts';

interface Row {
  readonly title: string;
  readonly type: number;
  /** Lengths that are right, and those nearest to them that are not. */
  readonly right: readonly number[];
  readonly wrong: readonly number[];
  readonly onStream: boolean;
  readonly onConnection: boolean;
}

const ROWS: readonly Row[] = [
  {
    title: 'RFC 9113 §6.1: DATA is of a stream, and of any length',
    type: 0,
    right: [0, 99],
    wrong: [],
    onStream: true,
    onConnection: false,
  },
  {
    title: 'RFC 9113 §6.2: HEADERS are of a stream, and of any length',
    type: 1,
    right: [0, 99],
    wrong: [],
    onStream: true,
    onConnection: false,
  },
  {
    title: 'RFC 9113 §6.3: PRIORITY is of a stream, with 5 octets',
    type: 2,
    right: [5],
    wrong: [4, 6],
    onStream: true,
    onConnection: false,
  },
  {
    title: 'RFC 9113 §6.4: RST_STREAM is of a stream, with 4 octets',
    type: 3,
    right: [4],
    wrong: [3, 5],
    onStream: true,
    onConnection: false,
  },
  {
    title: 'RFC 9113 §6.5: SETTINGS are of the connection',
    type: 4,
    right: [0, 6],
    wrong: [],
    onStream: false,
    onConnection: true,
  },
  {
    title: 'RFC 9113 §6.6: PUSH_PROMISE is of a stream, with at least 4 octets',
    type: 5,
    right: [4, 99],
    wrong: [3],
    onStream: true,
    onConnection: false,
  },
  {
    title: 'RFC 9113 §6.7: PING is of the connection, with 8 octets',
    type: 6,
    right: [8],
    wrong: [7, 9],
    onStream: false,
    onConnection: true,
  },
  {
    title: 'RFC 9113 §6.8: GOAWAY is of the connection, with at least 8 octets',
    type: 7,
    right: [8, 99],
    wrong: [7],
    onStream: false,
    onConnection: true,
  },
  {
    title: 'RFC 9113 §6.9: WINDOW_UPDATE is of either, with 4 octets',
    type: 8,
    right: [4],
    wrong: [3, 5],
    onStream: true,
    onConnection: true,
  },
  {
    title: 'RFC 9113 §6.10: CONTINUATION is of a stream, and of any length',
    type: 9,
    right: [0, 99],
    wrong: [],
    onStream: true,
    onConnection: false,
  },
  {
    title: 'RFC 9218 §7.1: PRIORITY_UPDATE is of the connection, with at least 4 octets',
    type: 16,
    right: [4, 99],
    wrong: [3],
    onStream: false,
    onConnection: true,
  },
  {
    title: 'RFC 9113 §5.5: an unknown frame is of either, and of any length',
    type: 0x77,
    right: [0, 99],
    wrong: [],
    onStream: true,
    onConnection: true,
  },
];

for (const { title, type, right, wrong, onStream, onConnection } of ROWS) {
  test(title, () => {
    const stream = onStream ? 1 : 0;
    for (const length of right) assert.equal(frameFault(type, length, stream), undefined);
    for (const length of wrong) assert.equal(frameFault(type, length, stream)!.code, 6, `${length}`);
    assert.equal(frameFault(type, right[0]!, 1)?.reason, onStream ? undefined : 'StreamNotAllowed');
    assert.equal(frameFault(type, right[0]!, 0)?.reason, onConnection ? undefined : 'StreamNeeded');
  });
}

test('RFC 9113 §6.3: only a wrong length of PRIORITY is a stream error', () => {
  assert.equal(frameFault(2, 4, 1)!.scope, 'stream');
  assert.equal(frameFault(3, 3, 1)!.scope, 'connection');
});
