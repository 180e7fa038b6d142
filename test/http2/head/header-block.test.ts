import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeaderBlock } from '../../../src/http2/head/header-block.ts';
import { latin1 } from '../../support/each-split.ts';

const END_STREAM = 1;
const END_HEADERS = 4;
const PADDED = 8;
const PRIORITY = 0x20;

const textOf = (block: HeaderBlock) =>
  Buffer.from(block.octets.subarray(block.start, block.end)).toString('latin1');

test('RFC 9113 §6.2: a block in one frame is where it came, without padding and priority', () => {
  const block = new HeaderBlock(1_000);
  const octets = latin1('__\x03\x80\x00\x00\x07\x10field\x00\x00\x00__');
  assert.equal(block.begin(END_HEADERS | PADDED | PRIORITY, 9, octets, 2, octets.length - 2), undefined);
  assert.deepEqual(
    [textOf(block), block.stream, block.endsStream, block.dependsOnItself],
    ['field', 0, false, false],
  );
  assert.equal(block.octets, octets);
  block.begin(END_HEADERS | END_STREAM | PADDED | PRIORITY, 7, octets, 2, octets.length - 2);
  assert.deepEqual([block.endsStream, block.dependsOnItself], [true, true]);
});

test('RFC 9113 §6.2: frames that are too small for what they say are refused', () => {
  const block = new HeaderBlock(1_000);
  const fault = (flags: number, text: string) => block.begin(flags, 1, latin1(text), 0, text.length)?.reason;
  assert.equal(fault(END_HEADERS | PADDED, ''), 'FrameLength');
  assert.equal(fault(END_HEADERS | PRIORITY, '1234'), 'FrameLength');
  assert.equal(fault(END_HEADERS | PADDED | PRIORITY, '\x001234'), 'FrameLength');
  assert.equal(fault(END_HEADERS | PADDED, '\x04abc'), 'PaddingTooLong');
  assert.equal(fault(END_HEADERS | PADDED, '\x03abc'), undefined);
});

test('RFC 9113 §6.10: fragments are put together, and none of them is kept', () => {
  const block = new HeaderBlock(10_000);
  const pieces = ['abc', '', 'd'.repeat(3_000), 'e'.repeat(5_000), 'f'];
  const first = latin1(pieces[0]!);
  block.begin(END_STREAM, 5, first, 0, 3);
  first.fill(0);
  assert.deepEqual([block.stream, block.endsStream], [5, true]);
  for (const [i, piece] of pieces.slice(1).entries()) {
    const octets = latin1(`<${piece}>`);
    assert.equal(block.continue(i === 3 ? END_HEADERS : 0, octets, 1, octets.length - 1), undefined);
    octets.fill(0);
  }
  assert.deepEqual([textOf(block), block.stream], [pieces.join(''), 0]);
  block.letGo();
  assert.equal(block.octets.length, 0);
});

test('RFC 9113 §6.10: what continues nothing is refused', () => {
  const block = new HeaderBlock(1_000);
  assert.equal(block.continue(END_HEADERS, latin1('x'), 0, 1)?.reason, 'ContinuationUnexpected');
  block.begin(END_HEADERS, 1, latin1('x'), 0, 1);
  assert.equal(block.continue(END_HEADERS, latin1('x'), 0, 1)?.reason, 'ContinuationUnexpected');
});

test('RFC 9113 §10.5.1: four times the section is the bound of a block', () => {
  const octets = new Uint8Array(500);
  for (const more of [0, 1]) {
    const whole = new HeaderBlock(100).begin(END_HEADERS, 1, octets, 0, 400 + more);
    const cut = new HeaderBlock(100);
    cut.begin(0, 1, octets, 0, 200);
    const rest = cut.continue(0, octets, 0, 200 + more);
    assert.deepEqual(
      [whole?.reason, rest?.reason],
      more === 0 ? [undefined, undefined] : ['HeaderBlockTooLarge', 'HeaderBlockTooLarge'],
    );
  }
});

test('RFC 9113 §10.5.1: so many CONTINUATION frames, and one empty one, are the bound of a block', () => {
  const octets = latin1('x');
  const block = new HeaderBlock(1_024);
  block.begin(0, 1, octets, 0, 1);
  for (let i = 0; i < 4; i++) assert.equal(block.continue(0, octets, 0, 1), undefined);
  assert.equal(block.continue(0, octets, 0, 1)?.reason, 'TooManyContinuations');
  const empty = new HeaderBlock(1_024);
  empty.begin(0, 1, octets, 0, 1);
  assert.equal(empty.continue(0, octets, 0, 0), undefined);
  assert.equal(empty.continue(0, octets, 0, 0)?.reason, 'TooManyContinuations');
});
