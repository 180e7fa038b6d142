/** Each experiment against a real server: what went over the wire, and what is said about it. Over clear connections and over TLS. */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { compression } from '../../../src/compression/index.ts';
import { type Server, type ServerOptions, serve } from '../../../src/index.ts';
import { Laboratory } from '../../../src/inspector/experiments/laboratory.ts';
import { type Inspector, inspector } from '../../../src/inspector/index.ts';
import type { ExperimentReport } from '../../../src/inspector/messages.ts';
import { resolveInspectorOptions } from '../../../src/inspector/options.ts';
import { Recorder } from '../../../src/inspector/recorder/recorder.ts';
import { certificateAuthority } from '../../support/certificates.ts';
import { until } from '../../support/until.ts';
import { Experimenter, transcriptOf, wordsOf } from './experimenter.ts';

const TEXT = 'Serval says what it does, and does what it says. '.repeat(60);

const handler = compression(async (request, ctx) => {
  const { pathname } = new URL(request.url);
  if (pathname === '/socket') {
    const socket = ctx.upgradeWebSocket();
    socket.addEventListener('message', (event) => socket.send((event as MessageEvent).data));
    return new Response(null);
  }
  if (pathname === '/close') return new Response('bye', { headers: { Connection: 'close' } });
  if (pathname === '/refuse') return new Response('no', { status: 403 });
  if (pathname === '/secret')
    return new Response('opensesame', { headers: { 'Set-Cookie': 'id=opensesame' } });
  if (pathname === '/stream') return new Response(later('streamed'));
  if (pathname === '/large') return new Response(new Uint8Array(5 * 1024 * 1024));
  await request.text();
  return new Response(TEXT, { headers: { 'Content-Type': 'text/plain', ETag: '"v1"' } });
});

/** Its length is not known before it ends. */
const later = (text: string): ReadableStream<Uint8Array> =>
  new ReadableStream({
    async start(controller) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });

const endless = (): ReadableStream<Uint8Array> =>
  new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      controller.enqueue(new Uint8Array(10));
    },
  });

class Tried implements AsyncDisposable {
  readonly server: Server;
  readonly inspected: Inspector;
  readonly page: Experimenter;

  private constructor(server: Server, inspected: Inspector) {
    this.server = server;
    this.inspected = inspected;
    this.page = new Experimenter(inspected.url);
  }

  static async start(options: ServerOptions = {}): Promise<Tried> {
    const at = 'path' in options ? {} : { port: 0, hostname: '127.0.0.1' };
    const server = serve(handler, { ...at, ...options });
    await server.ready;
    return new Tried(server, await inspector(server));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page[Symbol.asyncDispose]();
    await this.inspected.close();
    await this.server.close();
  }
}

function assertExplained(report: ExperimentReport): void {
  const { explanation, state } = report;
  assert.equal(state, 'done', wordsOf(report));
  assert.ok(explanation.length >= 1 && explanation.length <= 5, wordsOf(report));
  for (const { text, source, url } of explanation) {
    assert.ok(text.length <= 180, `${text.length}: ${text}`);
    assert.match(text, /[.]$/);
    if (source !== undefined)
      assert.match(url!, /^https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d+#(?:section|appendix)-/);
  }
  assert.ok(explanation.some(({ source }) => source !== undefined));
}

for (const isSecure of [false, true]) {
  describe(`experiments ${isSecure ? 'over TLS' : 'without TLS'}`, () => {
    let tried: Tried;
    before(async () => {
      const { cert, key } = certificateAuthority().issue(['example.org']);
      tried = await Tried.start(isSecure ? { tls: { cert, key } } : {});
    });
    after(() => tried[Symbol.asyncDispose]());
    const attempt = async (name: string, path?: string): Promise<ExperimentReport> => {
      const report = await tried.page.try(name, path);
      assertExplained(report);
      assert.equal(report.isSecure, isSecure);
      return report;
    };

    it('one-connection: two requests and their responses, one after the other', async () => {
      const report = await attempt('one-connection');
      const wire = transcriptOf(report);
      assert.match(
        wire,
        /^1 event (?:TCP|.*\n1 event TLS)[\s\S]*\n1 client GET \/ HTTP\/1\.1⏎Host: 127\.0\.0\.1:\d+⏎User-Agent: serval-inspector⏎⏎\n1 server HTTP\/1\.1 200 OK⏎[\s\S]*\n1 client GET \/[\s\S]*\n1 server HTTP\/1\.1 200/,
      );
      assert.match(wire, /\n1 event The client closes the connection$/);
      assert.match(wordsOf(report), /stayed open after the first response.*RFC 9112 §9\.3/);
      assert.match(wordsOf(report), /Content-Length: \d+ told the client.*RFC 9112 §6\.3/);
      const lanes = new Set(report.lanes);
      assert.equal(report.lanes.length, 1);
      await until('its lane is known', () => [...lanes].every((id) => tried.page.endings.has(id!)));
    });

    it('one-connection: a server that closes is explained as such', async () => {
      const report = await attempt('one-connection', '/close');
      assert.match(transcriptOf(report), /\n1 event The server closes the connection$/);
      assert.equal(transcriptOf(report).match(/client GET/g)?.length, 1);
      assert.match(wordsOf(report), /^The response said Connection: close/);
    });

    it('two-connections: two lanes, both requests before either response', async () => {
      const report = await attempt('two-connections');
      const wire = transcriptOf(report);
      assert.match(
        wire,
        /\n1 client GET[\s\S]*\n2 client GET[\s\S]* server HTTP\/1\.1 200[\s\S]* server HTTP\/1\.1 200/,
      );
      assert.equal(wire.match(/event The server closes the connection/g)?.length, 2);
      assert.equal(new Set(report.lanes).size, 2);
      assert.match(wordsOf(report), isSecure ? /a TCP and a TLS handshake/ : /cost a handshake/);
    });

    it('http10: the server closes; with keep-alive it does not', async () => {
      const closing = await attempt('http10');
      assert.match(
        transcriptOf(closing),
        /GET \/ HTTP\/1\.0⏎[\s\S]*\n1 event The server closes the connection$/,
      );
      assert.match(wordsOf(closing), /Then the server closed the connection/);
      const kept = await attempt('http10-keep-alive');
      assert.equal(transcriptOf(kept).match(/server HTTP\/1\.1 200/g)?.length, 2);
      assert.match(wordsOf(kept), /a second request on the same connection was answered 200/);
      const refused = await attempt('http10-keep-alive', '/close');
      assert.match(wordsOf(refused), /the response does not say it/);
    });

    it('http10: content of unknown length ends with the connection', async () => {
      const report = await attempt('http10', '/stream');
      assert.match(wordsOf(report), /Only the end of the connection told the client/);
    });

    it('pipelining: three requests in one write, three responses in order; one if the server closes', async () => {
      const report = await attempt('pipelining');
      const [sent] = report.entries.filter(({ from }) => from === 'client');
      assert.equal(transcriptOf({ ...report, entries: [sent!] }).match(/GET \/ HTTP\/1\.1/g)?.length, 3);
      assert.equal(transcriptOf(report).match(/HTTP\/1\.1 200 OK/g)?.length, 3);
      assert.match(wordsOf(report), /The statuses were 200, 200, 200/);
      assert.match(wordsOf(await attempt('pipelining', '/close')), /1 of them was answered/);
    });

    it('chunked: each chunk named, and the response after the last one', async () => {
      const report = await attempt('chunked');
      assert.match(
        transcriptOf(report),
        /POST \/ HTTP\/1\.1⏎[\s\S]*\n1 client 5⏎hello⏎\n1 client 7⏎, world⏎\n1 client 0⏎⏎\n1 server HTTP\/1\.1 200/,
      );
      const sizes = report.entries.flatMap(({ lines }) => lines).flatMap(({ parts }) => parts);
      assert.deepEqual(
        sizes.filter(({ kind }) => kind === 'chunk-size').map(({ text }) => text),
        ['5', '7', '0'],
      );
      assert.match(wordsOf(report), /12 octets of content took 27/);
    });

    it('chunked responses: sizes are shown, and content is hidden', async () => {
      const report = await attempt('one-connection', '/stream');
      assert.match(transcriptOf(report), /\n1 server HTTP\/1\.1 200 OK⏎[\s\S]*8⏎\?⏎0⏎⏎\n1 client/);
      assert.match(wordsOf(report), /The last chunk, of size 0/);
    });

    it('expect-continue: content after 100, or none after a refusal', async () => {
      const report = await attempt('expect-continue');
      assert.match(
        transcriptOf(report),
        /Expect: 100-continue⏎⏎\n1 server HTTP\/1\.1 100 Continue⏎⏎\n1 client hello\n1 server HTTP\/1\.1 200/,
      );
      const refused = await attempt('expect-continue', '/refuse');
      assert.ok(!transcriptOf(refused).includes('hello'));
      assert.match(wordsOf(refused), /answered 403 at once/);
    });

    it('codings: gzip and br are smaller, and decode to the same', async () => {
      const report = await attempt('codings');
      assert.match(transcriptOf(report), /Accept-Encoding: gzip⏎⏎\n1 server [\s\S]*Content-Encoding: gzip⏎/i);
      assert.match(
        wordsOf(report),
        /Sizes: identity 2,940 octets, gzip \d{2,3} octets, br \d{2,3} octets, zstd/,
      );
      assert.match(wordsOf(report), /decoded .* to the same 2,940 octets/);
      assert.match(wordsOf(report), /ETag is "v1" without coding, and W\/"v1/);
      assert.match(wordsOf(await attempt('codings', '/refuse')), /came without a coding every time/);
    });

    it('smuggling: refused, closed, and the hidden request is not answered', async () => {
      const report = await attempt('smuggling');
      const wire = transcriptOf(report);
      assert.match(wire, /Transfer-Encoding: chunked⏎⏎0⏎⏎GET \/smuggled HTTP\/1\.1⏎/);
      assert.match(wire, /\n1 server HTTP\/1\.1 400 [\s\S]*\n1 event The server closes the connection$/);
      assert.equal(wire.match(/ server HTTP/g)?.length, 1);
      assert.match(wordsOf(report), /refused it with 400[\s\S]*it closed the connection/);
    });

    it('http2-streams: ten streams in one write, all answered', async () => {
      const report = await attempt('http2-streams');
      const [sent] = report.entries.filter(({ from }) => from === 'client');
      const text = transcriptOf({ ...report, entries: [sent!] });
      assert.match(text, /PRI \* HTTP\/2\.0⏎⏎SM⏎⏎.*\[SETTINGS\]/);
      assert.equal(
        text.match(/\[HEADERS\]\[END_STREAM END_HEADERS\]\[stream \d+\]\[GET \/ and /g)?.length,
        10,
      );
      assert.equal(transcriptOf(report).match(/\[200 and \d+ more fields\]/g)?.length, 10);
      assert.match(wordsOf(report), /All 10 requests .* were answered 200/);
      const [, first, last] = /first request took (\d+) octets.*last one (\d+):/.exec(wordsOf(report))!;
      assert.ok(Number(last) < Number(first));
      assert.match(wordsOf(report), isSecure ? /ALPN chose h2/ : /it began with the preface/);
    });

    it('websocket: upgrade, echo and close; or what came in place of it', async () => {
      const report = await attempt('websocket', '/socket');
      assert.match(
        transcriptOf(report),
        /101 Switching Protocols⏎[\s\S]*\n1 client \[text, FIN\]\[masked, 5 octets\]\[mask\]\[Hello\]\n1 server \[text, FIN\]\[5 octets\]\[Hello\]\n1 client \[close[^\n]*\[close code 1000\]\n1 server \[close[^\n]*\[close code 1000\]/,
      );
      assert.match(wordsOf(report), /The message came back/);
      const refused = await attempt('websocket');
      assert.equal(refused.lanes.length, 2);
      assert.match(wordsOf(refused), /\/ and \/echo answered 200, as an ordinary GET/);
    });

    it('slow-client: octet by octet, and another client beside it', async () => {
      const report = await attempt('slow-client');
      const sent = report.entries.filter(({ from, connection }) => from === 'client' && connection === 1);
      assert.match(
        transcriptOf({ ...report, entries: sent }),
        /^1 client GET \/ HTTP\/1\.1⏎Host: [^⏎]*⏎\n1 client User-Agent: .*⏎⏎$/,
      );
      assert.deepEqual(
        sent.map(({ pieces, octets }) => pieces - octets),
        [0, 0],
      );
      assert.match(wordsOf(report), /a second client had its answer in/);
      assert.ok(report.took > 1_500 && report.took < 10_000);
    });

    it('hides secrets and content of the server', async () => {
      const report = await attempt('one-connection', '/secret');
      assert.ok(!JSON.stringify(report).includes('opensesame'));
      assert.match(transcriptOf(report), /set-cookie: \?⏎/i);
    });

    it('reads a bounded amount', async () => {
      const report = await tried.page.try('one-connection', '/large');
      assert.match(transcriptOf(report), /More than 4 MiB came/);
      assert.ok(JSON.stringify(report).length < 200_000);
      assert.match(wordsOf(report), /ended within the response/);
    });
  });
}

describe('experiments', () => {
  it('take one at a time, only paths, and only addresses of the server', async () => {
    await using tried = await Tried.start();
    const { page } = tried;
    await until('the places are known', () => page.server !== undefined);
    const [place] = page.server!.places;
    assert.equal(page.server!.places.length, 1);
    for (const path of ['x', '/a b', '/\r\nX: y', '/ü', '/#a', `/${'a'.repeat(500)}`, '*', 'http://a/'])
      assert.match(wordsOf(await page.try('one-connection', path)), /^A path begins with \//, path);
    for (const character of ['a', '"'])
      assert.equal((await page.try('one-connection', `/${character.repeat(499)}`)).state, 'done');
    assert.match(wordsOf(await page.try('one-connection', '/', 'http://example.org/')), /does not listen/);
    page.reports.length = 0;
    page.ask('slow-client', '/', place!);
    page.ask('one-connection', '/', place!);
    await until('the second is refused', () => page.reports.some(({ state }) => state === 'refused'));
    page.ask('nothing', '/', place!);
    await until('the first goes on', () => page.last?.name === 'slow-client' && page.last.state === 'done');
    assert.ok(page.reports.every(({ name }) => name !== 'nothing'));
  });

  it('end with the page that asked for them', async () => {
    await using tried = await Tried.start();
    await using other = new Experimenter(tried.inspected.url);
    await until('the places are known', () => other.server !== undefined);
    other.ask('slow-client', '/', other.server!.places[0]!);
    await until('it runs', () => other.last?.state === 'running');
    await other[Symbol.asyncDispose]();
    await until('there is room for another', async () => (await tried.page.try('http10')).state === 'done');
  });

  it('slow-client: a server with little patience answers 408', async () => {
    await using tried = await Tried.start({ timeouts: { headers: 500 } });
    const report = await tried.page.try('slow-client');
    assertExplained(report);
    assert.match(wordsOf(report), /waited .* answered 408/);
  });

  it('pipelining and persistence end where the server’s limit is', async () => {
    await using tried = await Tried.start({ limits: { maxRequestsPerConnection: 2 } });
    assert.match(wordsOf(await tried.page.try('pipelining')), /2 of them were answered/);
    assert.match(
      wordsOf(await tried.page.try('one-connection')),
      /stayed open[\s\S]*The response said Connection: close/,
    );
  });

  it('reach a server at a unix socket', { skip: process.platform === 'win32' }, async () => {
    const path = join(tmpdir(), `serval-experiments-${process.pid}.sock`);
    await using tried = await Tried.start({ path });
    const report = await tried.page.try('two-connections');
    assertExplained(report);
    assert.equal(report.place, path);
    assert.match(transcriptOf(report), /Connected to the unix socket[\s\S]*Host: localhost/);
    assert.equal(new Set(report.lanes).size, 2);
    assert.ok(!report.lanes.includes(null));
  });

  it('reach each listener: the one that is asked for', async () => {
    await using tried = await Tried.start();
    const { cert, key } = certificateAuthority().issue(['localhost']);
    await tried.server.listen({ port: 0, hostname: '127.0.0.1', tls: { cert, key } });
    await until('both are known', () => tried.page.server?.places.length === 2);
    const [clear, secure] = tried.page.server!.places;
    assert.match(`${clear} ${secure}`, /^http:\S+ https:/);
    assert.equal((await tried.page.try('http10', '/', clear!)).isSecure, false);
    const report = await tried.page.try('http2-streams', '/', secure!);
    assert.equal(report.isSecure, true);
    assertExplained(report);
  });

  it('end after their time: one with a response that does not end', async () => {
    await using server = serve(() => new Response(endless()), { port: 0, hostname: '127.0.0.1' });
    await server.ready;
    const recorder = new Recorder(resolveInspectorOptions());
    const laboratory = new Laboratory(recorder, server, { secrets: false, bodies: false }, 300);
    const reports: ExperimentReport[] = [];
    const question = {
      type: 'try',
      name: 'one-connection',
      path: '/',
      place: laboratory.places[0]!,
    } as const;
    await laboratory.run(question, undefined, (notice) => {
      if (notice.type === 'experiment') reports.push(notice.report);
    });
    const report = reports.at(-1)!;
    assert.equal(report.state, 'done');
    assert.match(wordsOf(report), /^The experiment was ended after 0\.3 seconds/);
    assert.match(transcriptOf(report), /200 OK/);
  });

  it('say why a server does not answer: it may require a client certificate', async () => {
    const authority = certificateAuthority();
    const { cert, key } = authority.issue(['localhost']);
    await using tried = await Tried.start({ tls: { cert, key, requestCert: true, ca: authority.cert } });
    const report = await tried.page.try('one-connection');
    assert.ok(report.entries.every(({ from }) => from !== 'server'));
    assert.match(
      wordsOf(report),
      /^The connection ended without a response\..*\n.*requires a client certificate/,
    );
  });

  it('say why a server can’t be reached: it has no certificate for this address', async () => {
    const { cert, key } = certificateAuthority().issue(['example.org']);
    await using tried = await Tried.start({ tls: { sni: { 'example.org': { cert, key } } } });
    const report = await tried.page.try('one-connection');
    assert.equal(report.state, 'unreachable');
    assert.match(wordsOf(report), /^The server ended the TLS handshake with an alert: \w/);
  });
});
