/** Each case of each class against a server that sends all messages back. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { Response, type Server, serve } from '../../../src/index.ts';
import { FramePeer } from '../../websocket/frame-peer.ts';
import { handshake, shakeAt } from '../../websocket/handshakes.ts';
import { type EchoCase, runCase } from './case-class.ts';
import { CASE_CLASSES } from './classes.ts';
import { LARGEST_MESSAGE } from './sizes.ts';

describe('classes of WebSocket cases', () => {
  let server: Server;
  let port = 0;

  before(async () => {
    server = serve(
      (_request, ctx) => {
        const socket = ctx.upgradeWebSocket({
          maxMessageSize: LARGEST_MESSAGE,
          maxBufferedAmount: 4 * LARGEST_MESSAGE,
          deflate: true,
        });
        socket.binaryType = 'arraybuffer';
        socket.onmessage = ({ data }) => socket.send(data);
        return new Response();
      },
      { port: 0, hostname: '127.0.0.1' },
    );
    await server.ready;
    port = [...server][0]!.address.port;
  });

  after(() => {
    server.closed.catch(() => {});
    server.destroy();
  });

  async function run(one: EchoCase): Promise<void> {
    const fields = one.offer === undefined ? {} : { 'sec-websocket-extensions': one.offer };
    const { status, socket } = await shakeAt(port, handshake(fields));
    assert.equal(status, 101);
    const peer = new FramePeer(socket);
    const isDribbled = one.name.endsWith('octet by octet');
    try {
      await runCase(peer, one, async (piece) => {
        if (socket.destroyed) return;
        if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), peer.ended]);
        else if (isDribbled) await new Promise(setImmediate);
      });
    } finally {
      socket.destroy();
    }
  }

  for (const { number, title, means, cases } of CASE_CLASSES) {
    test(`class ${number}: ${title}: ${means}`, async () => {
      assert.ok(cases.length > 0);
      const failed: string[] = [];
      // Several at once: each mostly waits.
      const queue = [...cases];
      const work = async (): Promise<void> => {
        for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
          const { name } = one;
          await run(one).catch((error: Error) => failed.push(`${name}: ${error.message}`));
        }
      };
      await Promise.all(Array.from({ length: 8 }, work));
      assert.deepEqual(failed, []);
    });
  }
});
