/** The welcome page in a real browser. SERVAL_SCREENSHOTS names a folder to keep pictures of it in. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ServalProcess } from '../cli/serval-process.ts';
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

  it('shows the very octets that the browser sent', async () => {
    await withCleanPage({}, async (page) => {
      proxy.take();
      await page.goto(`${proxy.origin}/?q=%3Cb%3E`);
      const sent = proxy.take();
      const shown = (await page.locator('#octets').textContent())!;
      const octets = shown
        .replaceAll('␣', ' ')
        .replaceAll('␉', '\t')
        .replaceAll('␍', '\r')
        .replaceAll('␊', '\n');
      assert.equal(octets, sent);
      assert.match(octets, /^GET \/\?q=%3Cb%3E HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/);
      assert.match((await page.locator('.lead').textContent())!, new RegExp(`${sent.length}\\soctets`));
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

  it('hides cookies, and says which coding was used', async () => {
    const context = await (await oneChromium()).newContext();
    await context.addCookies([{ name: 'id', value: 'opensesame', url: serval.origin }]);
    const page = await context.newPage();
    const response = (await page.goto(`${serval.origin}/`))!;
    assert.match((await page.locator('#octets').textContent())!, /Cookie:␣hidden/);
    assert.ok(!(await page.content()).includes('opensesame'));
    const coding = response.headers()['content-encoding'] ?? 'None';
    const row = page.locator('dl > div').filter({ hasText: 'Content coding' });
    assert.equal(await row.locator('strong').textContent(), coding);
    await context.close();
  });

  it('has forms that work', async () => {
    await withCleanPage({}, async (page) => {
      await page.goto(`${serval.origin}/`);
      await page.getByLabel('Text').fill('a <b> & c/?');
      await page.getByRole('button', { name: 'Echo it' }).click();
      await page.waitForURL('**/echo/**');
      assert.equal(await page.locator('body').textContent(), 'a <b> & c/?');

      await page.goto(`${serval.origin}/`);
      await page.getByRole('link', { name: 'Show my User-Agent' }).click();
      await page.waitForURL('**/user-agent');
      assert.match((await page.locator('body').textContent())!, /^Mozilla\/5\.0 /);

      await page.goto(`${serval.origin}/`);
      await page.getByLabel('Note').fill('meow');
      await page.getByRole('button', { name: 'Store it' }).click();
      await page.waitForURL('**/files/note.txt');
      assert.match((await page.locator('body').textContent())!, /^Stored 11 bytes/);
      assert.equal(await (await fetch(`${serval.origin}/files/note.txt`)).text(), 'note=meow\r\n');
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`fits and can be read: ${colorScheme}; on a desk and on a phone`, async () => {
      await withCleanPage({ colorScheme }, async (page) => {
        await page.goto(`${serval.origin}/`);
        for (const [device, width] of Object.entries({ desk: 1200, phone: 360 })) {
          await page.setViewportSize({ width, height: 900 });
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, device);
          assert.deepEqual(await page.evaluate(faintTexts), [], device);
          await keepPicture(page, `welcome-${colorScheme}-${device}`);
          await keepPicture(page, `welcome-${colorScheme}-${device}-whole`, true);
        }
      });
    });
  }
});
