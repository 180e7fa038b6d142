/** The inspector in a real browser. SERVAL_SCREENSHOTS names a folder to keep pictures of it in. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { Client } from '../../src/client/index.ts';
import { ServalProcess } from '../cli/serval-process.ts';
import { assertAccessible } from './accessible.ts';
import { keepPicture, noBrowser } from './chromium.ts';
import { withCleanPage } from './clean-page.ts';
import { faintTexts } from './faint-texts.ts';

async function raw(port: number, octets: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.resume().write(octets);
  await once(socket, 'end');
  socket.end();
}

describe('the page of the inspector', { skip: noBrowser }, () => {
  let serval: ServalProcess;
  let url: string;
  before(async () => {
    serval = await ServalProcess.serve(['demo']);
    url = /Inspect: (\S+)/.exec(serval.stdout)![1]!;
    const last =
      'GET /echo/third HTTP/1.1\r\nHost: localhost\r\nCookie: opensesame\r\nConnection: close\r\n\r\n';
    const first = 'GET /echo/first HTTP/1.1\r\nHost: localhost\r\n\r\n';
    await raw(serval.port, first + first.replace('first', 'second') + last);
    await raw(
      serval.port,
      'PUT /files/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    );
    await raw(serval.port, 'GET /smuggled HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1, 2\r\n\r\n');
    await using client = new Client({ http2: 'prior-knowledge' });
    await Promise.all(
      [1, 2, 3].map(async (i) => (await client.fetch(`${serval.origin}/echo/stream-${i}`)).text()),
    );
  });
  after(async () => {
    await serval?.[Symbol.asyncDispose]();
  });

  const open = async (page: Page, text: string): Promise<void> => {
    await page.goto(url);
    await page.locator('#rows').getByRole('button', { name: text }).first().click();
    await page.locator('#detail h2').waitFor();
  };

  it('has a lane for each connection: three requests of a pipeline in one, three streams in another', async () => {
    await withCleanPage({}, async (page) => {
      await page.goto(url);
      const bars = (lane: number) => page.locator(`[data-connection="${lane}"] .bar`);
      await bars(1).nth(2).waitFor();
      assert.equal(await bars(1).count(), 3);
      assert.match(
        (await bars(1).first().getAttribute('aria-label'))!,
        /^GET \/echo\/first: 200, .* connection 1$/,
      );
      await bars(4).nth(2).waitFor();
      assert.match((await page.locator('[data-connection="4"]').textContent())!, /HTTP\/2 · 127\.0\.0\.1/);
      assert.equal(await page.locator('[data-connection="3"] .bar').getAttribute('data-mark'), 'failed');
    });
  });

  it('explains the octets of an exchange, and hides its secrets', async () => {
    await withCleanPage({}, async (page) => {
      await open(page, 'GET /echo/third');
      const wire = page.getByRole('list', { name: 'Request, octet by octet' });
      assert.match((await wire.textContent())!, /GET.*\/echo\/third.*HTTP\/1\.1CRLF/);
      assert.match((await wire.textContent())!, /47 45 54 20/);
      assert.ok(!(await page.content()).includes('opensesame'));
      await wire.getByRole('button', { name: 'request-target: /echo/third' }).click();
      const explanation = page.locator('#explanation');
      assert.match((await explanation.textContent())!, /request-target .*RFC 9112 §3\.2/);
      await page.keyboard.press('ArrowRight');
      assert.match((await explanation.textContent())!, /SP .*RFC 9112 §3/);
      const detail = page.locator('#detail');
      assert.match((await detail.textContent())!, /The request said Connection: close/);
      assert.match((await detail.textContent())!, /committed the handler responded/);
      await page.getByRole('button', { name: 'Copy as curl' }).click();
      assert.match(
        (await page.locator('.curl').textContent())!,
        /^curl http:\/\/localhost\/echo\/third -H 'Cookie: \[hidden\]'$/,
      );
      await page.keyboard.press('Escape');
      assert.equal(await detail.isVisible(), false);
    });
  });

  it('names chunks, frames, and what a refused request did wrong', async () => {
    await withCleanPage({}, async (page) => {
      await open(page, 'PUT /files/a');
      await page.getByRole('button', { name: 'chunk-size: 5' }).click();
      assert.match((await page.locator('#explanation').textContent())!, /RFC 9112 §7\.1/);
      assert.ok(!(await page.locator('.wire').first().textContent())!.includes('hello'));

      await open(page, 'GET /echo/stream-2');
      await page.getByRole('button', { name: 'Type: HEADERS' }).first().click();
      assert.match(
        (await page.locator('#explanation').textContent())!,
        /compressed with HPACK.*RFC 9113 §4\.1/,
      );
      assert.match((await page.locator('#detail').textContent())!, /Frames of the connection.*SETTINGS/);
      const block = page.locator('.hpack').first();
      await block.locator('summary').click();
      assert.match(
        (await block.textContent())!,
        /:path: \/echo\/stream-2Literal, .*name from static 4.*RFC 7541 §6\.2/,
      );
      assert.match((await block.textContent())!, /Dynamic table after it/);

      await open(page, 'GET /smuggled');
      assert.match((await page.locator('.remark').textContent())!, /^Refused before .*RFC 9110 §8\.6/);
      assert.equal((await page.locator('.text mark').allTextContents()).join(''), 'Content-Length:␣1, 2');
      const digits = Buffer.from('Content-Length: 1, 2').toString('hex').toUpperCase();
      assert.equal((await page.locator('.hex mark').allTextContents()).join('').replaceAll(' ', ''), digits);
      await page.getByRole('button', { name: 'Show it' }).click();
      assert.match((await page.locator('#explanation').textContent())!, /field name .*RFC 9110 §5\.1/);
    });
  });

  it('draws the states of an exchange and of its stream, with the way that was taken', async () => {
    await withCleanPage({}, async (page) => {
      await open(page, 'GET /echo/third');
      const drawing = page.locator('.diagram');
      assert.equal(await drawing.count(), 1);
      assert.equal(
        await drawing.getAttribute('aria-label'),
        'The exchange as a diagram: open, then committed',
      );
      assert.deepEqual(await drawing.locator('.state.visited, .state.last').allTextContents(), [
        'open',
        'committed',
      ]);
      assert.deepEqual(await drawing.locator('.way.taken title').allTextContents(), [
        'open to committed: respond, accept, refuse',
      ]);
      assert.match(
        (await drawing.locator('.events .taken').allTextContents()).join(' '),
        /^respond [\d.]+ ms$/,
      );

      await open(page, 'GET /echo/stream-2');
      assert.equal(
        await page.locator('.diagram').last().getAttribute('aria-label'),
        'Stream 3 as a diagram: idle, then open, then half-closed (remote), then closed',
      );
      const list = page.getByRole('list', { name: 'Stream 3: the states, in their order' });
      assert.match(
        (await list.textContent())!,
        /open the client sent HEADERS.*closed the server set END_STREAM/s,
      );

      await open(page, 'GET /smuggled');
      assert.equal(await page.locator('.diagram').count(), 0);
    });
  });

  it('follows what happens, pauses, and filters', async () => {
    await withCleanPage({}, async (page) => {
      await page.goto(url);
      const rows = page.locator('#rows tr');
      await rows.nth(7).waitFor();
      await raw(serval.port, 'GET /echo/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      await rows.filter({ hasText: '/echo/live' }).waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      const count = await rows.count();
      await raw(serval.port, 'GET /echo/later HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      await page.locator('#status').selectOption('failed');
      assert.equal(await rows.count(), 1);
      await page.locator('#status').selectOption('');
      assert.equal(await rows.count(), count);
      await page.locator('#path').fill('stream');
      assert.equal(await rows.count(), 3);
      await page.locator('#path').fill('');
      await page.getByRole('button', { name: 'Resume' }).click();
      await rows.filter({ hasText: '/echo/later' }).waitFor();
    });
  });

  it('exports what the filter shows, as a HAR file and as a capture file', async () => {
    await withCleanPage({}, async (page) => {
      await page.goto(url);
      await page.locator('#rows tr').nth(2).waitFor();
      const group = page.getByRole('group', { name: 'Export what is shown' });
      const exported = async (name: string) => {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          group.getByRole('link', { name }).click(),
        ]);
        const octets = readFileSync(await download.path());
        assert.ok(!octets.includes('opensesame'));
        return { name: download.suggestedFilename(), octets };
      };
      const paths = ({ octets }: { octets: Buffer }): string[] =>
        JSON.parse(octets.toString()).log.entries.map((entry: { request: { url: string } }) =>
          new URL(entry.request.url).pathname.toString(),
        );
      assert.ok(paths(await exported('HAR')).includes('/echo/first'));
      await page.locator('#path').fill('stream');
      const har = await exported('HAR');
      assert.match(har.name, /^serval-[\dT-]+\.har$/);
      assert.deepEqual(paths(har).toSorted(), ['/echo/stream-1', '/echo/stream-2', '/echo/stream-3']);
      const capture = await exported('pcapng');
      assert.match(capture.name, /\.pcapng$/);
      assert.ok(capture.octets.includes('/echo/stream-1') && !capture.octets.includes('/echo/first'));
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`fits and can be read: ${colorScheme}; on a desk and on a phone`, async () => {
      await withCleanPage({ colorScheme }, async (page) => {
        for (const [device, width] of Object.entries({ desk: 1280, phone: 390 })) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(url);
          // All that has happened since the tests began.
          for (let i = 0; i < 2; i++) await page.getByRole('button', { name: 'Zoom out' }).click();
          await page.locator('.bar').first().waitFor();
          await page.getByRole('button', { name: 'Pause' }).click();
          await keepPicture(page, `inspector-${colorScheme}-${device}`);
          await page.locator('#rows .link').last().click();
          await page.locator('#detail h2').waitFor();
          await page.locator('.part.field-value').first().click();
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, device);
          assert.deepEqual(await page.evaluate(faintTexts), [], device);
          await assertAccessible(page, `${colorScheme}, ${device}`);
          await keepPicture(page, `inspector-octets-${colorScheme}-${device}`);
          await page.locator('#rows').getByRole('button', { name: 'GET /echo/stream-2' }).first().click();
          await page.locator('.diagram').nth(1).waitFor();
          await page
            .locator('.state-figure')
            .first()
            .evaluate((figure) => figure.scrollIntoView());
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, device);
          assert.deepEqual(await page.evaluate(faintTexts), [], device);
          await keepPicture(page, `inspector-states-${colorScheme}-${device}`);
          await page.locator('.hpack summary').first().click();
          await page
            .locator('.hpack')
            .first()
            .evaluate((block) => block.scrollIntoView());
          assert.deepEqual(await page.evaluate(faintTexts), [], device);
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, device);
          await assertAccessible(page, `states and HPACK, ${colorScheme}, ${device}`);
          await keepPicture(page, `inspector-hpack-${colorScheme}-${device}`);
          await page.locator('#rows').getByRole('button', { name: 'GET /smuggled' }).first().click();
          await page.locator('.text mark').first().waitFor();
          await page.getByRole('button', { name: 'Show it' }).click();
          assert.deepEqual(await page.evaluate(faintTexts), [], device);
          await keepPicture(page, `inspector-refused-${colorScheme}-${device}`);
        }
      });
    });
  }
});
