/** The inspector of a supervisor in a real browser. SERVAL_SCREENSHOTS names a folder to keep pictures of it in. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ServalProcess } from '../cli/serval-process.ts';
import { assertAccessible } from './accessible.ts';
import { keepPicture, noBrowser } from './chromium.ts';
import { withCleanPage } from './clean-page.ts';
import { faintTexts } from './faint-texts.ts';

const skip = noBrowser || (process.platform === 'win32' && 'a socket is not handed on there');

describe('the page of the inspector of a supervisor', { skip }, () => {
  let serval: ServalProcess;
  let url: string;
  before(async () => {
    serval = await ServalProcess.serve(['demo', '--workers', '2']);
    url = /Inspect: (\S+)/.exec(serval.stdout)![1]!;
    for (let i = 0; i < 5; i++) await (await fetch(`${serval.origin}/`)).text();
  });
  after(async () => {
    if (serval === undefined) return;
    // The second signal does not wait for connections: a draining generation keeps them for a minute.
    serval.child.kill('SIGTERM');
    await serval.says(/Finishing requests/);
    serval.child.kill('SIGTERM');
    await serval.exit();
  });

  it('has a lane and a row for each worker, and shows a reload as it happens', async () => {
    await withCleanPage({}, async (page) => {
      await page.goto(url);
      const lanes = page.locator('#lanes .lane');
      await lanes.nth(1).waitFor();
      assert.equal(await lanes.count(), 2);
      assert.match((await lanes.first().textContent())!, /^G1process \d+serving · \d+ connections?$/);
      await page.locator('#fig-serving', { hasText: '2 serving' }).waitFor();
      assert.match((await page.locator('#rows tr').first().textContent())!, /^\d+, generation 1serving for/);
      serval.child.kill('SIGHUP');
      await page.locator('#events li', { hasText: 'reloaded: 2 new workers serve' }).waitFor();
      await page
        .locator('#lanes .lane', { hasText: /^G2.*serving/ })
        .nth(1)
        .waitFor();
      // The old ones keep connections that may still bring a request.
      await page
        .locator('#lanes .lane', { hasText: /^G1.*(draining|ended)/ })
        .nth(1)
        .waitFor();
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`fits and can be read: ${colorScheme}; on a desk and on a phone`, async () => {
      await withCleanPage({ colorScheme }, async (page) => {
        for (const [device, width] of Object.entries({ desk: 1280, phone: 390 })) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(url);
          await page.locator('#rows tr').nth(1).waitFor();
          await page.locator('#lanes .life').first().waitFor();
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, device);
          assert.deepEqual(await page.evaluate(faintTexts), [], device);
          await assertAccessible(page, `workers, ${colorScheme}, ${device}`);
          await keepPicture(page, `inspector-workers-${colorScheme}-${device}`);
        }
      });
    });
  }
});
