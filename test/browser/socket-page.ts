/** The page with the WebSocket of the demo, in a real browser and over both versions. SERVAL_SCREENSHOTS keeps pictures of it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { ServalProcess } from '../cli/serval-process.ts';
import { certificateAuthority } from '../support/certificates.ts';
import { assertAccessible } from './accessible.ts';
import { keepPicture, noBrowser } from './chromium.ts';
import { withCleanPage } from './clean-page.ts';
import { faintTexts } from './faint-texts.ts';

const VERSIONS = {
  'HTTP/1.1': /^HTTP\/1\.1: the connection is a WebSocket from now on/,
  'HTTP/2': /^HTTP\/2: this WebSocket is one stream of a connection/,
};

for (const version of ['HTTP/1.1', 'HTTP/2'] as const) {
  describe(`the page with a WebSocket, over ${version}`, { skip: noBrowser }, () => {
    let serval: ServalProcess;
    let origin: string;
    before(async () => {
      const { certFile, keyFile } = certificateAuthority().issue(['127.0.0.1']);
      const tls = version === 'HTTP/2' ? ['--cert', certFile, '--key', keyFile] : [];
      serval = await ServalProcess.serve(['demo', ...tls]);
      origin = /https?:\/\/[^/\s]+/.exec(serval.stdout)![0];
    });
    after(() => serval?.[Symbol.asyncDispose]());

    const options = { ignoreHTTPSErrors: true };
    const open = async (page: Page): Promise<void> => {
      await page.goto(`${origin}/websocket`);
      await page
        .getByRole('status')
        .filter({ hasText: /^Open, after \d+ ms$/ })
        .waitFor();
      await page.locator('#handshake').waitFor();
    };

    it('opens it, shows the handshake, and each message with its frame', async () => {
      await withCleanPage(options, async (page) => {
        await open(page);
        assert.match((await page.locator('#version').textContent())!, VERSIONS[version]);
        const head = (await page.locator('#octets').textContent())!;
        assert.match(
          head,
          version === 'HTTP/2' ? /:method: CONNECT.*:protocol: websocket/ : /^GET \/echo HTTP\/1\.1/,
        );
        assert.match(head, /sec-websocket-protocol: handshake\.serval/i);
        const log = page.getByRole('log').locator('li');
        await page.locator('#text').fill('gr\u00fc\u00df <b>dich</b>');
        await page.getByRole('button', { name: 'Send' }).click();
        await log.nth(1).waitFor();
        await page.locator('#text').fill('x'.repeat(126));
        await page.locator('#text').press('Enter');
        await log.nth(3).waitFor();
        const shown = await log.allTextContents();
        assert.equal(
          shown[0],
          '\u2192gr\u00fc\u00df <b>dich</b>A frame of 24 octets: 2 head, 4 mask, 18 payload',
        );
        assert.match(
          shown[1]!,
          /^\u2190gr\u00fc\u00df <b>dich<\/b>A frame of 20 octets: 2 head, 18 payload; [\d.]+ ms later$/,
        );
        assert.match(shown[2]!, /A frame of 134 octets: 4 head, 4 mask, 126 payload$/);
        await page.getByRole('button', { name: 'Close' }).click();
        await page.getByRole('status').filter({ hasText: 'Closed with 1000, by both ends' }).waitFor();
        assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), true);
      });
    });

    for (const colorScheme of ['light', 'dark'] as const) {
      it(`fits and can be read: ${colorScheme}; on a desk and on a phone`, async () => {
        await withCleanPage({ ...options, colorScheme }, async (page) => {
          await open(page);
          for (const text of ['hello', 'long'.repeat(60)]) {
            await page.locator('#text').fill(text);
            await page.getByRole('button', { name: 'Send' }).click();
          }
          await page.getByRole('log').locator('li').nth(3).waitFor();
          for (const [device, width] of Object.entries({ desk: 1200, phone: 390 })) {
            await page.setViewportSize({ width, height: 900 });
            assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, device);
            assert.deepEqual(await page.evaluate(faintTexts), [], device);
            await assertAccessible(page, `socket page, ${device}`);
            await keepPicture(page, `socket-${version.replace(/\W/g, '')}-${colorScheme}-${device}`, true);
          }
        });
      });
    }
  });
}
