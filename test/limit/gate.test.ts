import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Gate } from '../../src/limit/gate.ts';

describe('Gate', () => {
  test('lets N in and not N+1, and another when one has left', () => {
    const gate = new Gate(2, 0);
    assert.deepEqual([gate.enter(), gate.enter(), gate.enter()], [true, true, false]);
    assert.equal(gate.running, 2);
    gate.leave();
    assert.deepEqual([gate.enter(), gate.enter()], [true, false]);
  });

  test('has a line of N and not N+1, and lets in from it in order', () => {
    const gate = new Gate(1, 2);
    const started: string[] = [];
    gate.enter();
    assert.deepEqual(
      ['a', 'b', 'c'].map((name) => gate.join(() => started.push(name))),
      [true, true, false],
    );
    assert.equal(gate.waiting, 2);
    gate.leave();
    assert.deepEqual([started, gate.running, gate.waiting], [['a'], 1, 1]);
    gate.leave();
    gate.leave();
    assert.deepEqual([started, gate.running, gate.waiting], [['a', 'b'], 0, 0]);
  });

  test('who withdraws is not let in, and cannot withdraw twice', () => {
    const gate = new Gate(1, 3);
    const started: string[] = [];
    const [a, b, c] = ['a', 'b', 'c'].map((name) => () => void started.push(name)) as [
      () => void,
      () => void,
      () => void,
    ];
    gate.enter();
    for (const start of [a, b, c]) gate.join(start);
    assert.deepEqual([gate.withdraw(b), gate.withdraw(b)], [true, false]);
    gate.leave();
    gate.leave();
    assert.deepEqual(started, ['a', 'c']);
    assert.equal(gate.withdraw(a), false);
  });

  test('a line of ten thousand that leave as they come in is let through without a stack of ten thousand calls', () => {
    const gate = new Gate(1, 10_000);
    gate.enter();
    let started = 0;
    for (let i = 0; i < 10_000; i++) {
      gate.join(() => {
        started++;
        gate.leave();
      });
    }
    gate.leave();
    assert.deepEqual([started, gate.running], [10_000, 0]);
  });

  test('nobody overtakes the line, not even from within the one who is let in', () => {
    const gate = new Gate(1, 2);
    const order: string[] = [];
    gate.enter();
    gate.join(() => {
      order.push('first');
      gate.leave();
      // There is room just now, and somebody who waits for it.
      order.push(gate.enter() ? 'overtaken' : 'refused');
    });
    gate.join(() => order.push('second'));
    gate.leave();
    assert.deepEqual(order, ['first', 'refused', 'second']);
  });

  test('one that throws as it is let in does not keep the others out', () => {
    const gate = new Gate(1, 2);
    const started: string[] = [];
    gate.enter();
    gate.join(() => {
      throw new Error('expected');
    });
    gate.join(() => started.push('second'));
    assert.throws(() => gate.leave(), /expected/);
    gate.leave();
    assert.deepEqual(started, ['second']);
  });
});
