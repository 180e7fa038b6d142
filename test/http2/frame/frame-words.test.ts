import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { frameDetail, frameFlagNames, frameTypeName } from '../../../src/http2/frame/frame-words.ts';

describe('frames in words (RFC 9113 §6)', () => {
  it('names types, and gives the number of others', () => {
    assert.deepEqual([0, 1, 8, 9, 0x10].map(frameTypeName), [
      'DATA',
      'HEADERS',
      'WINDOW_UPDATE',
      'CONTINUATION',
      '0x10',
    ]);
  });

  it('names flags by the type: the same bit is ACK or END_STREAM', () => {
    assert.deepEqual(frameFlagNames('HEADERS', 0x05), ['END_STREAM', 'END_HEADERS']);
    assert.deepEqual(frameFlagNames('SETTINGS', 0x01), ['ACK']);
    assert.deepEqual(frameFlagNames('WINDOW_UPDATE', 0x01), []);
  });

  it('says what control frames say', () => {
    assert.equal(
      frameDetail('SETTINGS', Uint8Array.of(0, 3, 0, 0, 0, 100, 0, 0x7f, 0, 0, 0, 1)),
      'MAX_CONCURRENT_STREAMS 100, 0x7f 1',
    );
    assert.equal(frameDetail('WINDOW_UPDATE', Uint8Array.of(0, 1, 0, 0)), 'by 65536');
    assert.equal(frameDetail('RST_STREAM', Uint8Array.of(0, 0, 0, 8)), 'CANCEL');
    assert.equal(frameDetail('GOAWAY', Uint8Array.of(0, 0, 0, 5, 0, 0, 0, 0)), 'NO_ERROR, last stream 5');
    assert.equal(frameDetail('PING', new Uint8Array(8)), '');
  });
});
