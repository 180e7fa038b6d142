/** Handlers of the draft that fail in every way, and what is answered then. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConnectContext, type Handler, PROTOCOL_MARKER, type ServerContext } from '../../src/index.ts';
import { get, message, withServer } from '../server/with-server.ts';

export const OFFER = message('GET /', ['Connection: upgrade', 'Upgrade: echo']);

export interface Rows {
  fetch?: (ctx: ServerContext) => unknown;
  connect?: (ctx: ConnectContext) => unknown;
  error?: (ctx: ServerContext, error: unknown) => unknown;
}

/** A handler of the draft whose methods may return what the types forbid. */
export const handlerOf = ({ fetch = () => assert.fail('fetch() was called'), ...rest }: Rows) =>
  ({ [PROTOCOL_MARKER]: 1, fetch, ...rest }) as unknown as Handler;

export const secret = () => new Error('SECRET');

/** The one answer there is, and no detail of an error in it; then, where it should go on, that the connection does. */
export function answered(
  title: string,
  rows: Rows,
  expected: { status: number; text?: string; faults?: number },
  offer = false,
) {
  test(title, () =>
    withServer(handlerOf(rows), async ({ connect, faults }) => {
      const connection = await connect();
      await connection.send(offer ? OFFER : get());
      const [answer] = await connection.receiveResponses(['GET']);
      assert.equal(answer?.status, expected.status, connection.transcript());
      if (expected.text !== undefined) assert.equal(answer?.text, expected.text);
      assert.doesNotMatch(connection.soFar().toString('latin1'), /SECRET|Error:|\.ts|\.js/);
      assert.equal(
        faults.length,
        expected.faults ?? 0,
        JSON.stringify(faults.map(({ error }) => String(error))),
      );
    }),
  );
}
