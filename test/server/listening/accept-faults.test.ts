import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { descriptorLimit } from '../../../src/io/descriptor-limit.ts';
import { AcceptFaults } from '../../../src/server/listening/accept-faults.ts';

interface Fault {
  readonly error: Error & { code?: string };
  readonly where: string;
}

const socketWith = (fd: number) => ({ _handle: { fd } }) as unknown as Socket;

describe('AcceptFaults', () => {
  const faults: Fault[] = [];
  const hear = (fault: unknown) => faults.push(fault as Fault);
  beforeEach(() => {
    faults.length = 0;
    subscribe('serval:fault', hear);
  });
  afterEach(() => {
    unsubscribe('serval:fault', hear);
  });

  test('a connection with one of the last eight file descriptors is reported, once, and none before', (t) => {
    const limit = descriptorLimit();
    if (limit === Infinity) return t.skip('only Linux tells');
    const accepted = new AcceptFaults();
    accepted.onAccepted(socketWith(limit - 9));
    assert.equal(faults.length, 0);
    accepted.onAccepted(socketWith(limit - 8));
    accepted.onAccepted(socketWith(limit - 1));
    assert.equal(faults.length, 1);
    assert.equal(faults[0]!.error.code, 'EMFILE');
    assert.match(faults[0]!.error.message, new RegExp(`^${limit - 7} of ${limit} file descriptors`));
    assert.equal(faults[0]!.where, 'accepting a connection');
  });

  test('what the runtime says of it is reported once as well', () => {
    const accepted = new AcceptFaults();
    const error = new Error('accept EMFILE');
    for (let i = 0; i < 3; i++) accepted.onError(error);
    assert.deepEqual(faults, [{ error, where: 'accepting a connection' }]);
  });

  test('a socket that has no descriptor to show is none of its business', () => {
    const accepted = new AcceptFaults();
    for (const socket of [{}, { _handle: null }, { _handle: {} }, { _handle: { fd: -1 } }]) {
      accepted.onAccepted(socket as unknown as Socket);
    }
    assert.deepEqual(faults, []);
  });
});
