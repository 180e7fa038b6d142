/** Each attack ends as its row says, and requests on another connection are answered meanwhile. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Server, serve } from '../../../../src/index.ts';
import { get, join, ping } from '../../../http2/frames.ts';
import { RawHttp2Client } from '../../../http2/raw-http2-client.ts';
import { PATIENCE, until } from '../../../support/until.ts';
import { ATTACKED_OPTIONS, attacked } from './attack-target.ts';
import { HTTP2_ATTACKS, type Http2Attack } from './http2-attacks.ts';

describe('attacks on HTTP/2', () => {
  let server: Server;
  let port = 0;
  let honest: RawHttp2Client;
  let asked = 0;

  before(async () => {
    server = serve(attacked, { hostname: '127.0.0.1', port: 0, ...ATTACKED_OPTIONS });
    await server.ready;
    port = [...server][0]!.address.port;
    honest = await RawHttp2Client.connect({ port });
  });

  after(() => {
    honest.close();
    server.closed.catch(() => {});
    server.destroy();
  });

  async function isServed(): Promise<void> {
    const stream = 2 * asked++ + 1;
    honest.send(get(stream));
    await honest.line(new RegExp(`^DATA ${stream} END_STREAM hello$`));
  }

  for (const attack of HTTP2_ATTACKS) {
    test(`RFC 9113 §10.5: ${attack.name} (${attack.seen})`, async () => {
      const client = await RawHttp2Client.connect({ port, ...attack });
      const frames = Array.from({ length: attack.rounds }, (_, i) => attack.round(i));
      if (attack.isDeaf) client.socket.pause();
      client.send(attack.opening ?? new Uint8Array(0), join(...frames));
      await isServed();
      if (attack.code === undefined) await goesOn(client, attack);
      else await endsWith(client, attack);
      client.close();
      await until('forgotten', () => server.counts.connections === 1);
      await isServed();
    });
  }

  async function endsWith(client: RawHttp2Client, { code, isDeaf }: Http2Attack): Promise<void> {
    if (isDeaf) client.socket.resume();
    assert.match(await client.end(), new RegExp(`^GOAWAY \\d+ ${code}$`));
  }

  async function goesOn(client: RawHttp2Client, { rounds, settings, isDeaf }: Http2Attack): Promise<void> {
    // A client that takes nothing loses its connection, or its streams if only their windows are closed.
    if (isDeaf) return until('cut off', () => server.counts.connections === 1);
    const count = (match: RegExp) => client.lines.filter((line) => match.test(line)).length;
    const answered = () =>
      count(settings === undefined ? /^HEADERS \d+ :status=431/ : /^RST_STREAM \d+ CANCEL$/);
    await client.until(() => answered() === rounds, PATIENCE);
    client.send(ping());
    await client.line(/^PING ACK/);
  }
});
