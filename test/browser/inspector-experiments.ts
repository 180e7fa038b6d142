/** The second tab of the inspector in a real browser: it tries things out on the demo beside it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { ServalProcess } from '../cli/serval-process.ts';
import { assertAccessible } from './accessible.ts';
import { keepPicture, noBrowser } from './chromium.ts';
import { withCleanPage } from './clean-page.ts';
import { faintTexts } from './faint-texts.ts';

describe('the experiments of the inspector', { skip: noBrowser }, () => {
  let serval: ServalProcess;
  let url: string;
  before(async () => {
    serval = await ServalProcess.serve(['demo']);
    url = /Inspect: (\S+)/.exec(serval.stdout)![1]!;
  });
  after(async () => {
    await serval?.[Symbol.asyncDispose]();
  });

  const open = async (page: Page): Promise<void> => {
    await page.goto(url);
    await page.getByRole('tab', { name: 'Try it' }).click();
    await page.locator('.card').first().waitFor();
  };
  const attempt = async (page: Page, title: string): Promise<void> => {
    await page
      .getByRole('toolbar', { name: 'Experiments' })
      .locator('.card', { has: page.getByText(title, { exact: true }) })
      .click();
    await page.locator('.outcome-state[data-state=done]').waitFor();
    assert.equal(await page.locator('#outcome-title').textContent(), title);
  };
  const said = (page: Page) => page.getByRole('list', { name: 'What went over the wire' }).innerText();

  it('show transcript and explanation, and lead to the lane', async () => {
    await withCleanPage({}, async (page) => {
      await open(page);
      await attempt(page, 'Pipelining');
      const transcript = await said(page);
      assert.equal(transcript.match(/GET \/ HTTP\/1\.1CRLF/g)?.length, 3);
      assert.equal(transcript.match(/HTTP\/1\.1 200 OKCRLF/g)?.length, 3);
      assert.match(transcript, /TCP connection established[\s\S]*The client closes the connection/);
      const sentences = page.locator('.sentences li');
      assert.ok((await sentences.count()) <= 5);
      assert.match((await sentences.first().textContent())!, /one write.*RFC 9112 §9\.3\.2$/);
      assert.match((await page.locator('#try-said').textContent())!, /^Pipelining: .* ms\. All 3 requests/);

      await page.getByRole('button', { name: 'Hexadecimal' }).click();
      assert.match(await said(page), /47 45 54 20 2F 20 48 54 54 50/);

      await page.getByRole('button', { name: 'Show its lane' }).click();
      const lane = page.locator('.lane');
      await lane.locator('.bar').nth(2).waitFor();
      assert.equal(await lane.count(), 1);
      assert.equal(await lane.locator('.bar').count(), 3);
      assert.equal(
        await page.getByRole('tab', { name: 'Connections' }).getAttribute('aria-selected'),
        'true',
      );
    });
  });

  it('lead to the lanes of two connections, and of ten streams', async () => {
    await withCleanPage({}, async (page) => {
      await open(page);
      await attempt(page, 'The same on two connections');
      await page.getByRole('button', { name: 'Show its lanes' }).click();
      await page.locator('.lane').nth(1).waitFor();
      assert.equal(await page.locator('.lane').count(), 2);
      assert.match((await page.locator('#connection').inputValue())!, /^\d+,\d+$/);
      await page.getByRole('tab', { name: 'Try it' }).click();
      await attempt(page, 'HTTP/2 with ten streams');
      assert.match(await said(page), /HEADERS\s*END_STREAM END_HEADERS\s*stream 19\s*GET \//);
      await page.getByRole('button', { name: 'Show its lane' }).click();
      await page.locator('.lane .bar').nth(9).waitFor();
      assert.equal(await page.locator('.lane .bar').count(), 10);
      // The table as well: the lanes shown before had stopped the time.
      assert.equal(await page.locator('#rows tr').count(), 10);
    });
  });

  it('work with the keyboard alone', async () => {
    await withCleanPage({}, async (page) => {
      await page.goto(url);
      await page.locator('#tab-connections').focus();
      await page.keyboard.press('ArrowRight');
      assert.equal(await page.evaluate('document.activeElement.id'), 'tab-try');
      assert.equal(await page.locator('#connections-view').isVisible(), false);
      await page.locator('.card').first().waitFor();
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate('document.activeElement.id'), 'try-path');
      await page.keyboard.press('Tab');
      for (let i = 0; i < 9; i++) await page.keyboard.press('ArrowDown');
      assert.equal(await page.evaluate('document.activeElement.dataset.name'), 'smuggling');
      await page.keyboard.press('Enter');
      await page.locator('.outcome-state[data-state=done]').waitFor();
      assert.match(await said(page), /GET \/smuggled[\s\S]*HTTP\/1\.1 400 Bad Request/);
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate('document.activeElement.textContent'), 'Run again');
      await page.reload();
      assert.equal(await page.locator('#try-view').isVisible(), true);
    });
  });

  it('take another path, and say what is no path', async () => {
    await withCleanPage({}, async (page) => {
      await open(page);
      await page.locator('#try-path').fill('/websocket');
      await attempt(page, 'gzip, br and zstd');
      assert.match(await page.locator('.sentences').innerText(), /gzip [\d,]+ octets, br [\d,]+ octets/);
      await page.locator('#try-path').fill('no path');
      await page.locator('#try-path').press('Enter');
      await page.locator('.outcome-state[data-state=refused]').waitFor();
      assert.match(await page.locator('.sentences').innerText(), /^A path begins with \//);
    });
  });

  it('say that a server speaks only TLS, and show what was encrypted', async () => {
    await using secure = await ServalProcess.serve(['demo', '--tls']);
    await withCleanPage({}, async (page) => {
      await page.goto(/Inspect: (\S+)/.exec(secure.stdout)![1]!);
      await page.getByRole('tab', { name: 'Try it' }).click();
      await page.getByText('This server speaks only TLS.').waitFor();
      await attempt(page, 'HTTP/1.0');
      assert.match(await said(page), /TLS 1\.3 ready, ALPN http\/1\.1[\s\S]*GET \/ HTTP\/1\.0/);
      assert.match(await page.locator('.outcome-facts').innerText(), /encrypted on the wire/);
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`fit and can be read: ${colorScheme}; on a desk and on a phone`, async () => {
      await withCleanPage({ colorScheme }, async (page) => {
        for (const [device, width] of Object.entries({ desk: 1280, phone: 390 })) {
          await page.setViewportSize({ width, height: 900 });
          await open(page);
          for (const title of ['A WebSocket', 'Content in chunks', 'HTTP/2 with ten streams']) {
            await attempt(page, title);
            assert.equal(
              await page.evaluate('document.documentElement.scrollWidth'),
              width,
              `${device}, ${title}`,
            );
            assert.deepEqual(await page.evaluate(faintTexts), [], `${device}, ${title}`);
            await keepPicture(
              page,
              `experiments-${title.replaceAll(/\W+/g, '-')}-${colorScheme}-${device}`,
              true,
            );
          }
          await assertAccessible(page, `${colorScheme}, ${device}`);
        }
      });
    });
  }
});
