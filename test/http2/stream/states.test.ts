import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HTTP2_ERRORS } from '../../../src/http2/errors.ts';
import {
  isStreamState,
  STREAM_EVENTS,
  STREAM_STATES,
  STREAM_TRANSITIONS,
} from '../../../src/http2/stream/states.ts';

test('RFC 9113 §5.1: each event has an outcome in each state, and each outcome is known', () => {
  for (const state of STREAM_STATES) {
    assert.deepEqual(Object.keys(STREAM_TRANSITIONS[state]), [...STREAM_EVENTS]);
    for (const event of STREAM_EVENTS) {
      const outcome = STREAM_TRANSITIONS[state][event];
      const isKnown =
        isStreamState(outcome) || outcome === 'ignored' || outcome === 'misuse' || outcome in HTTP2_ERRORS;
      assert.ok(isKnown, `${state} ${event} ${outcome}`);
    }
  }
});

test('RFC 9113 §5.1: nothing leads out of the closed state', () => {
  for (const outcome of Object.values(STREAM_TRANSITIONS.closed)) assert.equal(isStreamState(outcome), false);
});

test('RFC 9113 §5.1: an end of each side closes a stream, in either order; a reset closes it at once', () => {
  const after = (...events: (typeof STREAM_EVENTS)[number][]) =>
    events.reduce<string>((state, event) => STREAM_TRANSITIONS[state as 'idle'][event], 'idle');
  assert.equal(after('receiveHeaders', 'receiveEnd'), 'half-closed (remote)');
  assert.equal(after('receiveHeaders', 'receiveEnd', 'sendEnd'), 'closed');
  assert.equal(after('receiveHeaders', 'sendEnd', 'receiveEnd'), 'closed');
  assert.equal(after('sendHeaders', 'sendEnd'), 'half-closed (local)');
  for (const events of [
    ['receiveHeaders'],
    ['receiveHeaders', 'receiveEnd'],
    ['receiveHeaders', 'sendEnd'],
  ] as const) {
    assert.equal(after(...events, 'sendReset'), 'closed');
    assert.equal(after(...events, 'receiveReset'), 'closed');
  }
});

test('the table can not be changed', () => {
  assert.throws(() => {
    (STREAM_TRANSITIONS.idle as Record<string, string>)['sendData'] = 'open';
  }, TypeError);
});
