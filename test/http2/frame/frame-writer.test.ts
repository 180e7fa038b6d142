import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as writer from '../../../src/http2/frame/frame-writer.ts';
import { OctetWriter } from '../../../src/octets/octet-writer.ts';
import { PLAIN_RUNTIME } from '../../../src/octets/runtime.ts';
import { hexOf } from '../../hpack/hex.ts';
import { latin1 } from '../../support/each-split.ts';

function written(write: (out: OctetWriter) => void): string {
  const out = new OctetWriter(PLAIN_RUNTIME);
  write(out);
  return hexOf(out.octets, out.length);
}

test('RFC 9113 §4.1: the header of a frame has a length of 24 bits and a stream of 31', () => {
  assert.equal(
    written((out) => writer.writeFrameHeader(out, 0x010203, 4, 5, 0x7fff_fffe)),
    '01020304057ffffffe',
  );
});

test('RFC 9113 §6: each control frame has the payload of its type', () => {
  assert.equal(
    written((out) => writer.writeReset(out, 3, 8)),
    '000004030000000003' + '00000008',
  );
  assert.equal(
    written((out) =>
      writer.writeSettings(out, [
        [3, 100],
        [4, 0xffff_ffff],
      ]),
    ),
    '00000c040000000000' + '000300000064' + '0004ffffffff',
  );
  assert.equal(
    written((out) => writer.writeSettingsAck(out)),
    '000000040100000000',
  );
  assert.equal(
    written((out) => writer.writePing(out, 1, latin1('xabcdefghx'), 1)),
    '000008060100000000' + '6162636465666768',
  );
  assert.equal(
    written((out) => writer.writeGoAway(out, 5, 2, 'hi')),
    '00000a070000000000' + '00000005' + '00000002' + '6869',
  );
  assert.equal(
    written((out) => writer.writeWindowUpdate(out, 9, 0x7fff_ffff)),
    '000004080000000009' + '7fffffff',
  );
  assert.equal(
    written((out) => writer.writePriorityUpdate(out, 9, 'u=0')),
    '000007100000000000' + '00000009' + '753d30',
  );
});
