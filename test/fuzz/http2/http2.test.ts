import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { DEFAULT_HTTP2_LIMITS } from '../../../src/http2/limits.ts';
import * as frames from '../../http2/frames.ts';
import { Broken } from '../broken.ts';
import { fuzzCore } from '../core-campaign.ts';
import { CORE_MODES } from '../core-modes.ts';
import { Random } from '../random.ts';
import { fuzzHttp2Differentially, NODE_ENDS } from './differential.ts';
import { HTTP2_DISAGREEMENTS } from './known-disagreements.ts';
import { checkOutput } from './output-check.ts';
import { octetsOf, scriptOf } from './script.ts';
import { play } from './server-target.ts';
import { StrictHpack } from './strict-hpack.ts';

for (const mode of ['http2', 'http2-responses', 'hpack'] as const) {
  const { target, vocabulary, corpus } = CORE_MODES[mode];

  test(`fuzzing ${mode}: every message of the corpus is the same cut anywhere, and keeps every invariant`, () => {
    const newTarget = target(new Random(1));
    for (const [i, message] of corpus().entries())
      assert.equal(newTarget.failure(message), undefined, `message ${i}`);
  });

  test(`fuzzing ${mode}: a short run from a fixed seed finds nothing, and meets most of what there is`, async () => {
    const how = { seed: 9113, milliseconds: 20_000, executions: 2_000, quiet: true };
    const { failure, outcomes } = await fuzzCore({ target, vocabulary, corpus: corpus(), ...how });
    assert.equal(failure, undefined);
    assert.ok(outcomes.size > 5, `${outcomes.size} outcomes`);
  });
}

test('fuzzing HTTP/2: a script is the frames that it was made of, unless it says otherwise', () => {
  const octets = frames.join(frames.get(1), frames.ping(), frames.data(1, 'abc'));
  const script = scriptOf(octets);
  assert.deepEqual(octetsOf(script), octets);
  assert.deepEqual(
    octetsOf(script.subarray(0, script.length - 2)),
    frames.join(frames.get(1), frames.ping(), frames.data(1, 'a')),
  );
  // A wrong length, and octets without a frame header.
  assert.deepEqual(
    octetsOf(Buffer.from([0xe1, 0, 0, 1, 0x61])),
    frames.frame(9, 0, 0, Uint8Array.of(0x61), 0),
  );
  assert.deepEqual(octetsOf(Buffer.from([0xf0, 0, 0, 2, 0x61, 0x62])), Uint8Array.of(0x61, 0x62));
});

test('fuzzing HTTP/2: the check of the output notices what is wrong', () => {
  const received = frames.get(1);
  const { output } = play([received], DEFAULT_HTTP2_LIMITS, 0);
  checkOutput(output, received);
  const wrong: readonly (readonly [string, Uint8Array])[] = [
    ['DATA out of place', frames.data(1, 'more')],
    ['HEADERS out of place', frames.headers(1, [[':status', '200']])],
    ['SETTINGS are not first', new Uint8Array(0)],
    ['a frame of this type is never sent', frames.priority(1, 0)],
    ['more is acknowledged than came', frames.settingsAck()],
    ['a window is opened by 0', frames.windowUpdate(0, 0)],
  ];
  for (const [why, octets] of wrong) {
    const all = octets.length === 0 ? output.subarray(39 + 13) : frames.join(output, octets);
    assert.throws(
      () => checkOutput(all, received),
      (error) => error instanceof Broken && error.message.startsWith(why),
      why,
    );
  }
});

test('fuzzing HPACK: the second decoder knows what is malformed', () => {
  const decoded = (hex: string) => new StrictHpack().decode(Buffer.from(hex, 'hex'));
  assert.deepEqual(decoded('8286048ba0d5752cd3d1e4b6b6b7'.slice(0, 4)), [
    [':method', 'GET'],
    [':scheme', 'http'],
  ]);
  assert.deepEqual(decoded('400161016282be'), [
    ['a', 'b'],
    [':method', 'GET'],
    ['a', 'b'],
  ]);
  for (const hex of ['80', 'be', '0001', '8220', '3fe21f', '00016184ffffffff', 'ff8080808080'])
    assert.equal(decoded(hex), undefined, hex);
});

const notTheReference = !process.version.startsWith('v20.') && 'Node 20 is the reference';

test('fuzzing HTTP/2: each reviewed disagreement with node:http2 occurs, and no other', {
  skip: notTheReference,
}, async () => {
  const how = { seed: 1, corpus: [], milliseconds: 60_000, executions: HTTP2_DISAGREEMENTS.length };
  const { report, unexplained } = await fuzzHttp2Differentially(how);
  assert.deepEqual(unexplained, []);
  const missing = [...report.matchAll(/did not occur +(.*)/g)].map(([, name]) => name);
  // Which script ends the process of node depends on its version.
  assert.deepEqual(missing, [NODE_ENDS]);
});
