/** The welcome page in a real browser. SERVAL_SCREENSHOTS names a folder to keep pictures of it in. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { ServalProcess } from '../cli/serval-process.ts';
import { assertAccessible } from './accessible.ts';
import { keepPicture, noBrowser } from './chromium.ts';
import { withCleanPage } from './clean-page.ts';
import { faintTexts } from './faint-texts.ts';
import { oneChromium } from './one-chromium.ts';
import { RecordingProxy } from './recording-proxy.ts';

describe('the welcome page', { skip: noBrowser }, () => {
  let serval: ServalProcess;
  let proxy: RecordingProxy;
  before(async () => {
    serval = await ServalProcess.serve(['demo']);
    proxy = await RecordingProxy.before(serval.port);
  });
  after(async () => {
    proxy?.close();
    await serval?.[Symbol.asyncDispose]();
  });

  const shown = async (page: Page, id: string): Promise<string> =>
    (await page.locator(`#${id} code`).allTextContents())
      .join('')
      .replaceAll('␣', ' ')
      .replaceAll('␉', '\t')
      .replaceAll('␍', '\r')
      .replaceAll('␊', '\n');

  it('shows the very octets that the browser sent, and the head that it got', async () => {
    await withCleanPage({}, async (page) => {
      proxy.take();
      proxy.takeAnswers();
      await page.goto(`${proxy.origin}/?q=%3Cb%3E`);
      const sent = proxy.take();
      assert.equal(await shown(page, 'octets'), sent);
      assert.match(sent, /^GET \/\?q=%3Cb%3E HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/);
      assert.match((await page.locator('.lead').textContent())!, new RegExp(`${sent.length}\\soctets`));
      const answer = proxy.takeAnswers();
      assert.equal(await shown(page, 'response'), answer.slice(0, answer.indexOf('\r\n\r\n') + 4));
    });
  });

  it('shows the very octets of a form, its content included', async () => {
    await withCleanPage({}, async (page) => {
      await page.goto(`${proxy.origin}/`);
      await page.getByLabel('Send another request').fill('a <b> & é');
      proxy.take();
      await page.getByRole('button', { name: 'POST' }).click();
      await page.locator('li.content').waitFor();
      const sent = proxy.take();
      assert.match(sent, /^POST \/ HTTP\/1\.1\r\n/);
      assert.match(sent, /\r\n\r\ntext=a\+%3Cb%3E\+%26\+%C3%A9$/);
      assert.equal(await shown(page, 'octets'), sent);
      await page.getByLabel('Send another request').fill('again');
      await page.getByRole('button', { name: 'GET' }).click();
      await page.waitForURL('**/?text=again');
    });
  });

  it('needs one request, and no script', async () => {
    await withCleanPage({ javaScriptEnabled: false }, async (page) => {
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(`${serval.origin}/`);
      assert.deepEqual(requests, [`${serval.origin}/`]);
      assert.equal(await page.locator('h1').count(), 1);
    });
  });

  it('hides cookies', async () => {
    const context = await (await oneChromium()).newContext();
    await context.addCookies([{ name: 'id', value: 'opensesame', url: serval.origin }]);
    const page = await context.newPage();
    await page.goto(`${serval.origin}/`);
    assert.match((await page.locator('#octets').textContent())!, /Cookie:␣hidden/);
    assert.ok(!(await page.content()).includes('opensesame'));
    await context.close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`fits and can be read: ${colorScheme}; on a desk and on a phone`, async () => {
      await withCleanPage({ colorScheme }, async (page) => {
        await page.goto(`${serval.origin}/`);
        for (const [device, width] of Object.entries({ desk: 1280, phone: 390 })) {
          await page.setViewportSize({ width, height: 900 });
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, device);
          assert.deepEqual(await page.evaluate(faintTexts), [], device);
          await assertAccessible(page, device);
          await keepPicture(page, `welcome-${colorScheme}-${device}`);
          await keepPicture(page, `welcome-${colorScheme}-${device}-whole`, true);
          for (const summary of await page.locator('.section > summary').all()) await summary.click();
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, device);
          assert.deepEqual(await page.evaluate(faintTexts), [], device);
          await assertAccessible(page, `${device}, opened`);
          await keepPicture(page, `welcome-${colorScheme}-${device}-opened`, true);
          for (const summary of await page.locator('.section > summary').all()) await summary.click();
        }
      });
    });
  }
});
