/** The inspector beside a server, asked by real clients. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Client, WebSocket } from '../../src/client/index.ts';
import { HpackEncoder, OctetWriter, PLAIN_RUNTIME } from '../../src/hpack/index.ts';
import { END_HEADERS, END_STREAM, HEADERS, PREFACE, SETTINGS } from '../../src/http2/frame/frame-types.ts';
import { type Server, serve } from '../../src/index.ts';
import { type Inspector, type InspectorOptions, inspector } from '../../src/inspector/index.ts';
import type { ExchangeDetail, ExchangeRow, Notice } from '../../src/inspector/messages.ts';
import { until } from '../support/until.ts';

/** What a page does: it keeps the rows, and asks for octets. */
class Viewer implements AsyncDisposable {
  readonly connections = new Map<number, { id: number; ending?: string }>();
  readonly exchanges = new Map<number, ExchangeRow>();
  readonly details = new Map<number, ExchangeDetail | null>();
  received = '';
  readonly socket: WebSocket;

  constructor(url: string, origin = new URL(url).origin) {
    this.socket = new WebSocket(new URL('feed', url).href.replace(/^http/, 'ws'), { headers: { origin } });
    this.socket.addEventListener('message', (event) => {
      const text = String((event as unknown as MessageEvent).data);
      this.received += text;
      const notice = JSON.parse(text) as Notice;
      if (notice.type === 'detail') this.details.set(notice.id, notice.detail);
      if (notice.type !== 'news') return;
      for (const row of notice.connections) this.connections.set(row.id, row);
      for (const row of notice.exchanges) this.exchanges.set(row.id, row);
    });
  }

  async find(path: string, isReady = (row: ExchangeRow): boolean => row.endAt !== undefined) {
    const found = () => [...this.exchanges.values()].find((row) => row.path === path && isReady(row));
    await until(`there is ${path}`, () => found() !== undefined);
    return found()!;
  }

  async detail(id: number): Promise<ExchangeDetail | null> {
    this.socket.send(JSON.stringify({ type: 'detail', id }));
    await until('its octets came', () => this.details.has(id));
    return this.details.get(id)!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.close();
    if (this.socket.readyState !== 3)
      await new Promise((done) => this.socket.addEventListener('close', done));
  }
}

const textOf = ({ lines }: ExchangeDetail['request']): string =>
  lines.flatMap(({ parts }) => parts.map(({ text, isHidden }) => (isHidden ? '?' : text))).join('');

async function raw(port: number, octets: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
  });
  socket.end(octets);
  await once(socket, 'close');
  return answer;
}

describe('inspector', () => {
  let server: Server;
  let inspected: Inspector;
  const start = async (options?: InspectorOptions): Promise<void> => {
    server = serve(
      async (request) => {
        const content = await request.text();
        return new Response(`got ${content}`, { headers: { 'Set-Cookie': 'id=opensesame' } });
      },
      { port: 0, hostname: '127.0.0.1', halfOpen: true },
    );
    await server.ready;
    inspected = await inspector(server, options);
  };
  before(() => start());
  after(async () => {
    await inspected.close();
    await server.close();
  });

  it('tells of an exchange over HTTP/1: its octets, its states, and why the connection closed', async () => {
    await using viewer = new Viewer(inspected.url);
    const head =
      'POST /a?token=opensesame HTTP/1.1\r\nHost: b\r\nCookie: opensesame\r\nContent-Length: 2\r\n';
    const answer = await raw(server.port!, `${head}Connection: close\r\n\r\nhi`);
    const row = await viewer.find('/a?token=[hidden]');
    assert.equal(row.status, 200);
    assert.deepEqual(
      row.states.map(({ operation, state }) => `${operation} → ${state}`),
      ['respond → committed'],
    );
    for (const [one, other] of [
      [row.arrivedAt, row.headAt],
      [row.headAt, row.answeredAt!],
      [row.answeredAt!, row.endAt!],
    ] as const)
      assert.ok(one <= other, `${one} <= ${other}`);
    assert.equal(row.received, head.length + 'Connection: close\r\n\r\nhi'.length);
    assert.equal(row.sent, answer.length);
    const detail = (await viewer.detail(row.id))!;
    assert.match(
      textOf(detail.request),
      /^POST \? HTTP\/1\.1\r\nHost: b\r\nCookie: \?\r\nContent-Length: 2\r\nConnection: close\r\n\r\n\?$/,
    );
    assert.match(textOf(detail.response), /^HTTP\/1\.1 200 OK\r\n.*set-cookie: \?\r\n.*\r\n\r\n\?$/is);
    assert.equal(
      detail.curl,
      "curl 'http://b/a?token=[hidden]' -H 'Cookie: [hidden]' --data-binary '@content'",
    );
    const host = detail.request.lines[1]!;
    assert.deepEqual([host.title, host.source], ['Host', 'RFC 9110 §7.2']);
    await until('it has closed', () => viewer.connections.get(row.connection)?.ending !== undefined);
    assert.match(viewer.connections.get(row.connection)!.ending!, /said Connection: close/);
    assert.ok(!viewer.received.includes('opensesame'));
  });

  it('tells that the client closed a connection, before the server acts on it', async () => {
    await using viewer = new Viewer(inspected.url);
    const socket = connect(server.port!, '127.0.0.1').resume();
    socket.write('GET /closed-by-client HTTP/1.1\r\nHost: b\r\n\r\n');
    const row = await viewer.find('/closed-by-client');
    socket.end();
    await until('it has closed', () => viewer.connections.get(row.connection)?.ending !== undefined);
    assert.equal(viewer.connections.get(row.connection)!.ending, 'The client closed it.');
  });

  it('tells what a refused request did wrong', async () => {
    await using viewer = new Viewer(inspected.url);
    await raw(server.port!, 'GET /smuggled HTTP/1.1\r\nHost: b\r\nContent-Length: 1, 2\r\n\r\n');
    const row = await viewer.find('/smuggled');
    assert.equal(row.status, 400);
    assert.match(row.refused!.section, /^RFC 9110 §8\.6/);
    assert.match(textOf((await viewer.detail(row.id))!.request), /Content-Length: 1, 2/);
    await until('it has closed', () => viewer.connections.get(row.connection)?.ending !== undefined);
    assert.match(viewer.connections.get(row.connection)!.ending!, /^The server refused a request.*RFC 9110/);
  });

  it('RFC 9113 §8.1.1: tells of a malformed request over HTTP/2, whose stream was reset, and of its field', async () => {
    await using viewer = new Viewer(inspected.url);
    const out = new OctetWriter(PLAIN_RUNTIME);
    const encoder = new HpackEncoder();
    const fields = { ':method': 'GET', ':scheme': 'http', ':authority': 'b', ':path': '/malformed' };
    for (const [name, value] of Object.entries({ ...fields, connection: 'close', accept: 'b' }))
      encoder.field(out, name, value);
    const frame = (type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)) =>
      Uint8Array.from([0, 0, payload.length, type, flags, 0, 0, 0, stream, ...payload]);
    const block = frame(HEADERS, END_HEADERS | END_STREAM, 1, out.octets.subarray(0, out.length));
    const socket = connect(server.port!, '127.0.0.1').resume();
    socket.write(Buffer.concat([PREFACE, frame(SETTINGS, 0, 0), block]));
    const row = await viewer.find('/malformed');
    socket.destroy();
    assert.deepEqual([row.method, row.status, row.refused!.reason], ['GET', 0, 'ConnectionField']);
    const detail = (await viewer.detail(row.id))!;
    const broken = detail.request.lines.filter(({ parts }) => parts.some((part) => part.broken));
    assert.deepEqual(
      broken.map(({ title }) => title),
      ['connection'],
    );
    const written = detail.request.lines.find((line) => line.block)!.block!.fields;
    assert.deepEqual(
      written.filter(({ isBroken }) => isBroken).map(({ name }) => name),
      ['connection'],
    );
    assert.match(detail.fault!.section, /^RFC 9113 §8\.2\.2/);
    assert.equal(detail.diagrams[0]!.steps.at(-1)!.to, 'closed');
  });

  it('tells of the frames of an exchange over HTTP/2', async () => {
    await using viewer = new Viewer(inspected.url);
    await using client = new Client({ http2: 'prior-knowledge' });
    const init = { method: 'POST', body: 'hi', headers: { cookie: 'opensesame' } };
    const response = await client.fetch(`${server.url}h2`, init);
    assert.equal(await response.text(), 'got hi');
    const row = await viewer.find('/h2');
    const detail = (await viewer.detail(row.id))!;
    assert.ok(!JSON.stringify(detail).includes('opensesame'));
    assert.equal(row.stream, 1);
    const titles = detail.request.lines.map(({ title }) => title);
    assert.ok(
      titles.includes(':method') && titles.includes('HEADERS frame') && titles.includes('DATA frame'),
    );
    assert.ok(detail.response.lines.some(({ title }) => title === ':status'));
    const blocks = [detail.request, detail.response].map(
      ({ lines }) => lines.find(({ block }) => block)!.block!,
    );
    assert.match(blocks[0]!.fields.find(({ name }) => name === ':method')!.form, /^Indexed: static 3$/);
    assert.equal(blocks[1]!.fields.find(({ name }) => name === 'set-cookie')!.value, '[hidden]');
    assert.ok(row.requestEndAt !== undefined);
    assert.match(detail.curl, /--http2-prior-knowledge/);
  });

  it('answers that octets are gone, and ignores what is no question', async () => {
    await using viewer = new Viewer(inspected.url);
    await until('it is told', () => viewer.received !== '');
    for (const wrong of ['{', '{"type":"detail","id":"1"}', 'null']) viewer.socket.send(wrong);
    assert.equal(await viewer.detail(123_456), null);
  });

  it('ends with its server', async () => {
    const other = serve(() => new Response(''), { port: 0, hostname: '127.0.0.1' });
    await other.ready;
    const { url } = await inspector(other);
    assert.equal((await fetch(url)).status, 200);
    await other.close();
    await until('the page has gone', async () =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    );
  });

  it('takes only a server, and options that there are', async () => {
    await assert.rejects(inspector({} as never), /inspector: expected the result of serve\(\)/);
    await assert.rejects(inspector(server, { port: -1 }), /options\.port: expected an integer/);
    await assert.rejects(inspector(server, { maxRate: 9 }), /options\.maxRate: .* from 10/);
    await assert.rejects(
      inspector(server, { body: true } as never),
      /options\.body: there is no such option/,
    );
  });

  it('shows content and secrets if it is asked for them', async () => {
    await inspected.close();
    await server.close();
    await start({ bodies: true, secrets: true });
    await using viewer = new Viewer(inspected.url);
    await raw(server.port!, 'POST /b HTTP/1.1\r\nHost: b\r\nCookie: sesame\r\nContent-Length: 2\r\n\r\nhi');
    const row = await viewer.find('/b');
    const detail = (await viewer.detail(row.id))!;
    assert.match(textOf(detail.request), /Cookie: sesame\r\n.*\r\n\r\nhi$/s);
    assert.equal(detail.curl, "curl http://b/b -H 'Cookie: sesame' --data-binary hi");
  });
});
