import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FrameWatch } from '../../../src/client/connection/frame-watch.ts';
import * as frames from '../../http2/frames.ts';

const OCTETS = frames.join(
  frames.opening([3, 100], [0xbad, 7]),
  frames.headers(1, [[':status', '200']]),
  frames.data(1, 'x'.repeat(1_000)),
  frames.ping('pingpong', 1),
  frames.windowUpdate(1, 77),
  frames.reset(1, 8),
  frames.goAway(5, 11, 'because'),
  frames.frame(0xfa, 0xff, 9, new Uint8Array(3)),
);

const EXPECTED = [
  'SETTINGS 0 12 [] MAX_CONCURRENT_STREAMS 100, 0xbad 7',
  'HEADERS 1 13 [END_STREAM END_HEADERS] ',
  'DATA 1 1000 [END_STREAM] ',
  'PING 0 8 [ACK] ',
  'WINDOW_UPDATE 1 4 [] by 77',
  'RST_STREAM 1 4 [] CANCEL',
  'GOAWAY 0 15 [] ENHANCE_YOUR_CALM, last stream 5',
  '0xfa 9 3 [] ',
];

test('client: an observer sees each frame once, wherever the octets are cut', () => {
  for (const size of [OCTETS.length, 1, 2, 7, 9, 10, 64, 300]) {
    const watch = new FrameWatch();
    const seen: string[] = [];
    for (let at = 0; at < OCTETS.length; ) {
      // The preface is written in one piece.
      const end = at === 0 ? Math.max(size, frames.PREFACE.length) : at + size;
      for (const { type, stream, length, flags, detail } of watch.framesOf('sent', OCTETS.slice(at, end)))
        seen.push(`${type} ${stream} ${length} [${flags.join(' ')}] ${detail}`);
      at = end;
    }
    assert.deepEqual(seen, EXPECTED, `pieces of ${size}`);
  }
});
