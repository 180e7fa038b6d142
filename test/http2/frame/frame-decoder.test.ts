import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DATA_END,
  DATA_FRAME,
  DATA_PIECE,
  FRAME,
  FrameDecoder,
} from '../../../src/http2/frame/frame-decoder.ts';
import { NEED_OCTETS, REJECTED } from '../../../src/octets/results.ts';
import { eachSplit } from '../../support/each-split.ts';
import { data, frame, get, join, opening, PREFACE, paddedData, ping, priority, settings } from '../frames.ts';

/**
 * What comes out, one line a frame; pieces of content are put together. A decoder that keeps what it needs of each chunk makes the
 * same of it.
 */
function decoded(chunks: readonly Uint8Array[], expectsPreface = true): string[] {
  const copies = chunks.map((chunk) => chunk.slice());
  const lines = linesOf(chunks, expectsPreface, false);
  assert.deepEqual(linesOf(copies, expectsPreface, true), lines);
  return lines;
}

function linesOf(chunks: readonly Uint8Array[], expectsPreface: boolean, keeps: boolean): string[] {
  const decoder = new FrameDecoder(16_384, expectsPreface);
  const lines: string[] = [];
  for (const chunk of chunks) {
    decoder.receive(chunk);
    for (let result = decoder.next(); result !== NEED_OCTETS; result = decoder.next()) {
      const { type, flags, stream, start, end, octets } = decoder;
      if (result === REJECTED) {
        lines.push(`rejected ${decoder.error.reason}`);
        if (decoder.error.scope === 'connection') return lines;
      } else if (result === FRAME)
        lines.push(
          `${type}/${flags}/${stream} ${Buffer.from(octets.subarray(start, end)).toString('latin1')}`,
        );
      else if (result === DATA_FRAME) lines.push(`data ${stream} ${decoder.length}-${decoder.padding} `);
      else if (result === DATA_PIECE)
        lines[lines.length - 1] += Buffer.from(octets.subarray(start, end)).toString('latin1');
      else if (result === DATA_END) lines[lines.length - 1] += '.';
    }
    // What has been decoded may be overwritten.
    if (keeps) decoder.keep();
    if (keeps || decoder.buffered === 0) chunk.fill(0x7e);
  }
  return lines;
}

test('RFC 9113 §4.1: frames come out whole, wherever the octets are cut', () => {
  const octets = join(
    opening(),
    ping('abcdefgh'),
    get(1).subarray(0, 9),
    get(1).subarray(9),
    ping('ijklmnop'),
  );
  eachSplit(octets, (chunks) => {
    const lines = decoded(chunks);
    assert.deepEqual([lines[0], lines[1], lines[3]], ['4/0/0 ', '6/0/0 abcdefgh', '6/0/0 ijklmnop']);
    assert.match(lines[2]!, /^1\/5\/1 /);
  });
});

test('RFC 9113 §6.1: content comes out as it comes, without its padding', () => {
  const octets = join(
    settings(),
    data(1, 'one', 0),
    paddedData(3, 'two', 5),
    paddedData(5, '', 0),
    data(7, ''),
    ping(),
  );
  eachSplit(octets, (chunks) =>
    assert.deepEqual(decoded(chunks, false), [
      '4/0/0 ',
      'data 1 3-0 one.',
      'data 3 9-6 two.',
      'data 5 1-1 .',
      'data 7 0-0 .',
      '6/0/0 pingpong',
    ]),
  );
});

test('content is given out before the rest of its frame has come', () => {
  const decoder = new FrameDecoder(16_384, false);
  decoder.receive(settings());
  decoder.next();
  decoder.receive(data(1, 'abcdef').subarray(0, 12));
  assert.equal(decoder.next(), DATA_FRAME);
  assert.equal(decoder.next(), DATA_PIECE);
  assert.equal(decoder.end - decoder.start, 3);
  assert.equal(decoder.next(), NEED_OCTETS);
  assert.equal(decoder.isInFrame, true);
  decoder.receive(data(1, 'abcdef').subarray(12));
  assert.deepEqual([decoder.next(), decoder.next(), decoder.next()], [DATA_PIECE, DATA_END, NEED_OCTETS]);
  assert.equal(decoder.isInFrame, false);
});

test('RFC 9113 §4.2: a frame that is too large is refused with the last octet of its header', () => {
  const decoder = new FrameDecoder(16_384, false);
  decoder.receive(settings());
  decoder.next();
  const header = frame(1, 0, 1, new Uint8Array(0), 16_385);
  decoder.receive(header.subarray(0, 8));
  assert.equal(decoder.next(), NEED_OCTETS);
  decoder.receive(header.subarray(8));
  assert.equal(decoder.next(), REJECTED);
  assert.equal(decoder.error.reason, 'FrameTooLarge');
  decoder.receive(ping());
  assert.equal(decoder.next(), NEED_OCTETS);
});

test('RFC 9113 §6.3: after a stream error decoding continues after the frame', () => {
  const octets = join(settings(), frame(2, 0, 1, new Uint8Array(7)), priority(1, 0), ping());
  eachSplit(octets, (chunks) => {
    const lines = decoded(chunks, false);
    assert.deepEqual([lines[1], lines[3]], ['rejected PriorityLength', '6/0/0 pingpong']);
  });
});

test('RFC 9113 §3.4: without a preface that is expected nothing is decoded', () => {
  assert.deepEqual(decoded([settings()]), ['rejected PrefaceInvalid']);
  assert.deepEqual(decoded([join(PREFACE, settings())]), ['4/0/0 ']);
});

test('RFC 9113 §3.4: the first frame of a server is SETTINGS, too', () => {
  assert.deepEqual(decoded([ping()], false), ['rejected SettingsMissing']);
});

test('octets that wait are those of one frame, whatever came before', () => {
  const decoder = new FrameDecoder(16_384, false);
  const octets = join(settings(), ping(), ping());
  decoder.receive(octets.subarray(0, octets.length - 1));
  assert.deepEqual([decoder.next(), decoder.next(), decoder.next()], [FRAME, FRAME, NEED_OCTETS]);
  assert.equal(decoder.buffered, 16);
  decoder.stop();
  assert.deepEqual([decoder.buffered, decoder.next()], [0, NEED_OCTETS]);
});
