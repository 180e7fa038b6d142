/** The light events, and the listeners of a WebSocket, against the DOM Standard. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GuardedEvents } from '../../src/websocket/events/guarded-events.ts';
import { closeEvent, errorEvent, messageEvent, plainEvent } from '../../src/websocket/events/light-events.ts';

class Target extends GuardedEvents {
  readonly faults: unknown[] = [];
  protected onFault(error: unknown): void {
    this.faults.push(error);
  }
  get onmessage(): ((event: Event) => unknown) | null {
    return this.handler('message');
  }
  set onmessage(given: ((event: Event) => unknown) | null) {
    this.setHandler('message', given);
  }
}

test('events are instances of the classes of the runtime, with the members that these have', () => {
  const message = messageEvent('text', 'https://a.example');
  assert.ok(message instanceof MessageEvent && message instanceof Event);
  const { data, origin, type, bubbles, cancelable, isTrusted, lastEventId, ports } = message as MessageEvent;
  assert.deepEqual(
    { data, origin, type, bubbles, cancelable, isTrusted, lastEventId, ports: [...ports] },
    {
      ...{ data: 'text', origin: 'https://a.example', type: 'message', bubbles: false, cancelable: false },
      ...{ isTrusted: true, lastEventId: '', ports: [] },
    },
  );
  assert.equal(message.constructor, MessageEvent);
  assert.equal(Object.prototype.toString.call(message), '[object MessageEvent]');
  assert.deepEqual(message.composedPath(), []);
  const close = closeEvent({ wasClean: true, code: 1000, reason: 'why' });
  assert.deepEqual([close.type, close.code, close.reason, close.wasClean], ['close', 1000, 'why', true]);
  const { CloseEvent } = globalThis as { CloseEvent?: typeof Event };
  assert.ok(close instanceof (CloseEvent ?? Event));
  const error = errorEvent(new Error('e'));
  assert.ok(error instanceof Event && error.error.message === 'e' && error.type === 'error');
});

test('a target: order, once, a signal, removal, handleEvent, a handler that keeps its place, stopImmediatePropagation', () => {
  const target = new Target();
  assert.ok(target instanceof EventTarget);
  const seen: string[] = [];
  const first = (): void => void seen.push('first');
  target.addEventListener('message', first);
  target.addEventListener('message', first);
  target.onmessage = () => seen.push('handler');
  target.addEventListener('message', { handleEvent: () => void seen.push('object') });
  target.addEventListener('message', () => void seen.push('once'), { once: true });
  const abort = new AbortController();
  target.addEventListener('message', () => void seen.push('signal'), { signal: abort.signal });
  target.onmessage = function (event) {
    assert.equal(this, target);
    assert.equal(event.target, target);
    assert.equal(event.currentTarget, target);
    seen.push('other handler');
  };
  assert.equal(target.dispatchEvent(messageEvent('', '')), true);
  assert.deepEqual(seen.splice(0), ['first', 'other handler', 'object', 'once', 'signal']);
  abort.abort();
  target.removeEventListener('message', first);
  target.addEventListener('message', (event) => {
    event.stopImmediatePropagation();
    target.addEventListener('message', () => void seen.push('late'));
  });
  target.addEventListener('message', () => void seen.push('stopped'));
  target.dispatchEvent(messageEvent('', ''));
  assert.deepEqual(seen.splice(0), ['other handler', 'object']);
  target.onmessage = null;
  assert.equal(target.onmessage, null);
  target.dispatchEvent(messageEvent('', ''));
  assert.deepEqual(seen, ['object']);
});

test('a target takes events of the runtime, and reports what listeners throw and reject with', async () => {
  const target = new Target();
  target.addEventListener('own', (event) => {
    assert.equal(event.target, target);
    throw new Error('thrown');
  });
  target.addEventListener('own', async () => {
    throw new Error('rejected');
  });
  target.addEventListener('own', (event) => event.preventDefault());
  assert.equal(target.dispatchEvent(new Event('own', { cancelable: true })), false);
  assert.equal(target.dispatchEvent(plainEvent('other')), true);
  await Promise.resolve();
  assert.deepEqual(
    target.faults.map((fault) => (fault as Error).message),
    ['thrown', 'rejected'],
  );
});

test('handlers alone, and handlers with listeners: each keeps the place at which it was set', () => {
  const target = new Target();
  const seen: string[] = [];
  target.onmessage = () => seen.push('replaced');
  target.onmessage = () => seen.push('handler');
  assert.equal(target.dispatchEvent(messageEvent('', '')), true);
  assert.equal(target.dispatchEvent(plainEvent('other')), true);
  assert.deepEqual(seen.splice(0), ['handler']);
  target.addEventListener('message', () => void seen.push('listener'));
  target.dispatchEvent(messageEvent('', ''));
  assert.deepEqual(seen.splice(0), ['handler', 'listener']);
  target.onmessage = null;
  target.onmessage = () => seen.push('set again');
  target.dispatchEvent(messageEvent('', ''));
  assert.deepEqual(seen.splice(0), ['listener', 'set again']);
  target.onmessage = 'no function' as never;
  assert.equal(target.onmessage, null);
});

test('a handler that adds a listener to its event: the event that is dispatched does not reach it, the next one does', () => {
  const target = new Target();
  const seen: string[] = [];
  target.onmessage = () => {
    seen.push('handler');
    target.onmessage = null;
    target.addEventListener('message', () => void seen.push('listener'));
  };
  target.dispatchEvent(messageEvent('', ''));
  target.dispatchEvent(messageEvent('', ''));
  assert.deepEqual(seen, ['handler', 'listener']);
});
