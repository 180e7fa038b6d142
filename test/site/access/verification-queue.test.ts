import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Asker, RecentFailures } from '../../../src/site/access/asker.ts';
import { VerificationQueue } from '../../../src/site/access/verification-queue.ts';

const asker = (address: string, port = 1): Asker => ({ address, connection: `${address}|${port}` });

function fresh() {
  const failures = new RecentFailures();
  const queue = new VerificationQueue(failures);
  const started: string[] = [];
  const refused: string[] = [];
  return {
    failures,
    queue,
    started,
    refused,
    enter: (who: Asker) =>
      void Promise.resolve(queue.enter(who)).then((runs) => (runs ? started : refused).push(who.connection)),
    settle: () => new Promise(setImmediate),
  };
}

describe('VerificationQueue', () => {
  it('runs one verification for an address, and two in all', async () => {
    const { enter, started, queue, settle } = fresh();
    for (const who of [asker('a', 1), asker('a', 2), asker('b'), asker('c')]) enter(who);
    await settle();
    assert.deepEqual(started, ['a|1', 'b|1']);
    queue.leave(asker('b'));
    await settle();
    assert.deepEqual(started, ['a|1', 'b|1', 'c|1']);
    queue.leave(asker('a'));
    await settle();
    assert.deepEqual(started.slice(3), ['a|2']);
  });

  it('runs one verification for all addresses with wrong passwords', async () => {
    const { enter, started, failures, settle } = fresh();
    for (const name of ['a', 'b']) failures.note(asker(name));
    for (const name of ['a', 'b', 'c']) enter(asker(name));
    await settle();
    assert.deepEqual(started, ['a|1', 'c|1']);
  });

  it('prefers the address with fewer wrong passwords, then the connection, then the first', async () => {
    const { enter, started, failures, queue, settle } = fresh();
    for (const who of [asker('a'), asker('a'), asker('b', 1)]) failures.note(who);
    enter(asker('x'));
    enter(asker('y'));
    for (const who of [asker('a', 2), asker('b', 1), asker('b', 2), asker('c', 1), asker('c', 2)]) enter(who);
    await settle();
    const order = [asker('x'), asker('y')];
    for (let i = 0; i < order.length; i++) {
      queue.leave(order[i]!);
      await settle();
      for (const connection of started.slice(order.length)) {
        const [address, port] = connection.split('|');
        order.push(asker(address!, Number(port)));
      }
    }
    assert.deepEqual(started, ['x|1', 'y|1', 'c|1', 'b|2', 'c|2', 'b|1', 'a|2']);
  });

  it('lets 64 of an address wait; the 65th is refused, or replaces a connection with more wrong passwords', async () => {
    const { enter, refused, failures, settle } = fresh();
    enter(asker('a', 0));
    for (let i = 1; i <= 64; i++) {
      failures.note(asker('a', i));
      enter(asker('a', i));
    }
    failures.note(asker('a', 7));
    await settle();
    assert.deepEqual(refused, []);
    enter(asker('a', 65));
    await settle();
    assert.deepEqual(refused, ['a|7']);
    failures.note(asker('a', 66));
    enter(asker('a', 66));
    await settle();
    assert.deepEqual(refused, ['a|7', 'a|66']);
  });

  it('lets 256 wait; the 257th is refused, or replaces an address with more wrong passwords', async () => {
    const { enter, refused, failures, settle } = fresh();
    for (let i = 0; i < 2 + 256; i++) enter(asker(`a${i}`));
    await settle();
    assert.deepEqual(refused, []);
    failures.note(asker('late'));
    enter(asker('late'));
    await settle();
    assert.deepEqual(refused, ['late|1']);
    failures.note(asker('a9'));
    enter(asker('b'));
    await settle();
    assert.deepEqual(refused, ['late|1', 'a9|1']);
  });
});
