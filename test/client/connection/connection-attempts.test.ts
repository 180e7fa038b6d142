import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import {
  alternatingFamilies,
  ConnectionAttempts,
} from '../../../src/client/connection/connection-attempts.ts';

/** Sockets that connect or fail when the test says so. */
class Attempts {
  readonly sockets = new Map<string, EventEmitter & { destroyed: boolean }>();
  readonly events: string[] = [];
  readonly attempts: ConnectionAttempts;

  constructor(addresses: string[], delay: number) {
    this.attempts = new ConnectionAttempts(addresses, delay, (address) => this.#connect(address), {
      onOpen: (socket) => void this.events.push(`open ${this.#addressOf(socket)}`),
      onFailed: () => void this.events.push('failed'),
    });
  }

  get tried(): string {
    return [...this.sockets.keys()].join();
  }

  get alive(): string {
    return [...this.sockets].flatMap(([address, { destroyed }]) => (destroyed ? [] : [address])).join();
  }

  get outcomes(): string[] {
    return this.attempts.outcomes.map(({ address, error }) => `${address} ${error?.message}`);
  }

  open(address: string): void {
    this.sockets.get(address)!.emit('connect');
  }

  fail(address: string): void {
    this.sockets.get(address)!.emit('error', new Error('refused'));
  }

  #connect(address: string): Socket {
    const socket = Object.assign(new EventEmitter(), {
      destroyed: false,
      destroy() {
        this.destroyed = true;
      },
    });
    this.sockets.set(address, socket);
    return socket as unknown as Socket;
  }

  #addressOf(socket: unknown): string | undefined {
    return [...this.sockets].find(([, one]) => one === socket)?.[0];
  }
}

test('RFC 8305 §5: the next address is tried after the delay, and the attempts before it go on', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const one = new Attempts(['a', 'b', 'c'], 250);
  assert.equal(one.tried, 'a');
  context.mock.timers.tick(249);
  assert.equal(one.tried, 'a');
  context.mock.timers.tick(1);
  assert.equal(one.tried, 'a,b');
  context.mock.timers.tick(250);
  assert.deepEqual([one.tried, one.alive], ['a,b,c', 'a,b,c']);
  context.mock.timers.tick(60_000);
  one.open('a');
  assert.deepEqual([one.events, one.alive], [['open a'], 'a']);
});

test('RFC 8305 §5: the first attempt that succeeds ends the others, and no other is begun', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const one = new Attempts(['a', 'b', 'c'], 250);
  context.mock.timers.tick(250);
  one.open('b');
  one.open('a');
  one.fail('a');
  context.mock.timers.tick(60_000);
  assert.deepEqual([one.events, one.tried, one.alive], [['open b'], 'a,b', 'b']);
});

test('RFC 8305 §5: the next address is tried at once when an attempt fails', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const one = new Attempts(['a', 'b', 'c', 'd'], 250);
  context.mock.timers.tick(100);
  one.fail('a');
  assert.equal(one.tried, 'a,b');
  // The delay starts again with each attempt.
  context.mock.timers.tick(249);
  assert.equal(one.tried, 'a,b');
  context.mock.timers.tick(1);
  assert.equal(one.tried, 'a,b,c');
});

test('RFC 8305 §5: connecting has failed when every attempt has, each with its reason', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const one = new Attempts(['a', 'b'], 250);
  context.mock.timers.tick(250);
  one.fail('b');
  assert.deepEqual([one.events, one.outcomes], [[], ['b refused', 'a undefined']]);
  one.fail('a');
  assert.deepEqual([one.events, one.outcomes], [['failed'], ['b refused', 'a refused']]);
});

test('client: without a delay an address is tried when the one before it has failed', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const one = new Attempts(['a', 'b'], 0);
  context.mock.timers.tick(60_000);
  assert.equal(one.tried, 'a');
  one.fail('a');
  assert.equal(one.tried, 'a,b');
  one.attempts.cancel();
  one.open('b');
  assert.deepEqual([one.events, one.alive], [[], '']);
});

test('RFC 8305 §4: the families take turns, beginning with the first address', () => {
  assert.deepEqual(alternatingFamilies(['::1', '::2', '::3', '1.1.1.1', '2.2.2.2']), [
    ...['::1', '1.1.1.1', '::2', '2.2.2.2', '::3'],
  ]);
  assert.deepEqual(alternatingFamilies(['1.1.1.1', '2.2.2.2', '::1']), ['1.1.1.1', '::1', '2.2.2.2']);
  assert.deepEqual(alternatingFamilies([]), []);
});
