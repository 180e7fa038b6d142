/** Uploads through the page of a folder, in a real browser. SERVAL_SCREENSHOTS names a folder to keep pictures in. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { Response as ServalResponse } from '../../src/index.ts';
import { ServalProcess } from '../cli/serval-process.ts';
import { withServer } from '../server/with-server.ts';
import { until } from '../support/until.ts';
import { assertAccessible } from './accessible.ts';
import { keepPicture, noBrowser } from './chromium.ts';
import { type PageOptions, withCleanPage } from './clean-page.ts';
import { faintTexts } from './faint-texts.ts';
import { ELSEWHERE } from './one-chromium.ts';

const MIB = 2 ** 20;
/** It takes half a minute on a connection that was slowed down, which is time to see it. To the page it is 2.1 MB. */
const LARGE = 2 * MIB;

describe('uploads through the page of a folder', { skip: noBrowser }, () => {
  let root: string;
  let serval: ServalProcess;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'serval-test-'));
    const site = ['--listing', '--upload', '--max-size', '3MiB', '--allow-host', ELSEWHERE];
    serval = await ServalProcess.serve([root, ...site]);
  });
  after(async () => {
    await serval?.[Symbol.asyncDispose]();
    await rm(root, { recursive: true });
  });
  beforeEach(async () => {
    for (const name of await readdir(root)) await rm(join(root, name), { recursive: true });
    await mkdir(join(root, 'inbox'));
    await writeFile(join(root, 'taken.txt'), 'old');
  });

  const withPage = (options: PageOptions, use: (page: Page) => Promise<void>) =>
    withCleanPage(options, use, (complaint) => complaint.startsWith('Failed to load resource'));

  const file = (name: string, octets: number | string) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(typeof octets === 'string' ? octets : Buffer.alloc(octets, name)),
  });
  const said = (page: Page, text: string | RegExp) =>
    page.locator('#transfers li').filter({ hasText: text }).first().waitFor();
  /** As slow as a connection can be, until it is let go: so progress is there to be seen, however slow the machine is. */
  const slowDown = async (page: Page): Promise<{ letGo(): Promise<void> }> => {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    const limit = (uploadThroughput: number) =>
      session.send('Network.emulateNetworkConditions', {
        ...{ offline: false, latency: 0, downloadThroughput: -1 },
        uploadThroughput,
      });
    await limit(MIB / 16);
    return { letGo: async () => void (await limit(-1)) };
  };

  for (const [colorScheme, device, width] of [
    ['light', 'desk', 1280],
    ['dark', 'phone', 390],
  ] as const) {
    it(`shows how far it is, and what came of it: ${colorScheme}, ${device}`, async () => {
      await withPage({ colorScheme, viewport: { width, height: 800 } }, async (page) => {
        await page.goto(`${serval.origin}/`);
        const slow = await slowDown(page);
        await page
          .getByLabel('Choose files')
          .setInputFiles([
            file('taken.txt', 'x'),
            file('film of the summer.mp4', LARGE),
            file('later.txt', 10),
          ]);
        const film = page.locator('#transfers li').nth(1);
        await film.getByText(/B of 2\.1 MB, .*\/s/).waitFor();
        const bar = film.getByRole('progressbar', { name: 'Upload of film of the summer.mp4' });
        const value = Number(await bar.getAttribute('value'));
        assert.equal(await bar.getAttribute('max'), String(LARGE));
        assert.ok(value > 0 && value < LARGE, String(value));
        assert.deepEqual(await page.evaluate(faintTexts), []);
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
        await keepPicture(page, `upload-${colorScheme}-${device}`);

        await slow.letGo();
        await said(page, /later\.txt.*Uploaded, 10 B\./);
        await said(page, /film.*Uploaded, 2\.1 MB\./);
        await said(page, /taken\.txt.*There is already a file of this name\./);
        // The listing has followed, without the page having been loaded again.
        await page.getByRole('link', { name: 'later.txt' }).waitFor();
        assert.equal(await page.locator('#summary').textContent(), '1 folder · 3 files · 2.1 MB');
        assert.equal((await readFile(join(root, 'film of the summer.mp4'))).length, LARGE);
        assert.equal(await readFile(join(root, 'taken.txt'), 'utf8'), 'old');
        assert.deepEqual(await page.evaluate(faintTexts), []);
        await assertAccessible(page, device);
        await keepPicture(page, `upload-${colorScheme}-${device}-done`);
        await page.getByRole('button', { name: 'Dismiss taken.txt' }).click();
        assert.equal(await page.locator('#transfers li').count(), 2);
      });
    });
  }

  it('keeps both files of one name, if the visitor says so', async () => {
    await withPage({}, async (page) => {
      await writeFile(join(root, 'taken (2).txt'), 'second');
      await page.goto(`${serval.origin}/`);
      await page.getByLabel('Choose files').setInputFiles(file('taken.txt', 'third'));
      await said(page, /taken\.txt.*There is already a file of this name\./);
      // Nothing may be replaced on this server.
      assert.equal(await page.getByRole('button', { name: 'Replace it' }).count(), 0);
      await assertAccessible(page, 'asked');
      await keepPicture(page, 'upload-asked');
      await page.getByRole('button', { name: 'Keep both: taken.txt' }).click();
      await said(page, /Uploaded as taken \(3\)\.txt, 5 B\./);
      assert.equal(await readFile(join(root, 'taken (3).txt'), 'utf8'), 'third');
      assert.equal(await readFile(join(root, 'taken.txt'), 'utf8'), 'old');
    });
  });

  it('makes a folder, and shows it', async () => {
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(`${serval.origin}/inbox/`);
      await page.getByText('New folder').click();
      await page.getByLabel('Name', { exact: true }).fill('2026 <summer>');
      await page.getByRole('button', { name: 'Create' }).click();
      await page.getByRole('heading', { name: '2026 <summer>' }).waitFor();
      assert.deepEqual(await readdir(join(root, 'inbox')), ['2026 <summer>']);
    });
  });

  describe('where files may be replaced and deleted', () => {
    let free: ServalProcess;
    before(async () => {
      free = await ServalProcess.serve([root, '--listing', '--upload', '--overwrite', '--upload-delete']);
    });
    after(() => free?.[Symbol.asyncDispose]());

    it('replaces a file only when the visitor says so', async () => {
      await withPage({}, async (page) => {
        await page.goto(`${free.origin}/`);
        await page.getByLabel('Choose files').setInputFiles(file('taken.txt', 'new'));
        await said(page, /There is already a file of this name\./);
        assert.equal(await readFile(join(root, 'taken.txt'), 'utf8'), 'old');
        await page.getByRole('button', { name: 'Replace it: taken.txt' }).click();
        await said(page, /Replaced the existing file, 3 B\./);
        assert.equal(await readFile(join(root, 'taken.txt'), 'utf8'), 'new');
      });
    });

    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 390],
    ] as const) {
      it(`deletes a file and an empty folder, and asks before: ${colorScheme}`, async () => {
        await withPage({ colorScheme, viewport: { width, height: 800 } }, async (page) => {
          await writeFile(join(root, 'it\'s "<b>".txt'), 'x');
          await page.goto(`${free.origin}/`);
          await assertAccessible(page, 'before');
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
          await keepPicture(page, `delete-${colorScheme}`);
          const remove = (name: string) => page.getByRole('button', { name: `Delete ${name}`, exact: true });
          await remove('it\'s "<b>".txt').click();
          await page.getByRole('dialog', { name: 'Delete it\'s "<b>".txt?' }).waitFor();
          await assertAccessible(page, 'asked');
          await keepPicture(page, `delete-${colorScheme}-asked`);
          await page.getByRole('button', { name: 'Keep it' }).click();
          assert.ok((await readdir(root)).includes('it\'s "<b>".txt'));
          await remove('it\'s "<b>".txt').click();
          await page.getByRole('button', { name: 'Delete', exact: true }).click();
          await remove('it\'s "<b>".txt').waitFor({ state: 'detached' });
          await remove('inbox/').click();
          await page.getByRole('button', { name: 'Delete', exact: true }).click();
          await remove('inbox/').waitFor({ state: 'detached' });
          assert.deepEqual(await readdir(root), ['taken.txt']);
        });
      });
    }

    it('asks before it deletes without a script, too', async () => {
      await withPage({ javaScriptEnabled: false }, async (page) => {
        await page.goto(`${free.origin}/`);
        await page.getByRole('button', { name: 'Delete taken.txt' }).click();
        await page.getByRole('heading', { name: 'Delete taken.txt?' }).waitFor();
        await assertScreen(page);
        await page.getByRole('button', { name: 'Delete' }).click();
        await page.getByRole('link', { name: 'inbox/' }).waitFor();
        assert.deepEqual(await readdir(root), ['inbox']);
      });
    });
    const assertScreen = async (page: Page) => {
      assert.deepEqual(await page.evaluate(faintTexts), []);
      await keepPicture(page, 'delete-without-script');
    };
  });

  it('says in words what went wrong', async () => {
    await withPage({}, async (page) => {
      await page.goto(`${serval.origin}/`);
      await page.getByLabel('Choose files').setInputFiles([file('large.bin', 3 * MIB + 1), file('.env', 1)]);
      await said(page, /large\.bin.*The file is too large for this server\./);
      await said(page, /\.env.*A file may not have this name here\./);
      assert.match((await page.locator('#result').textContent())!, /^\.env: A file may not have this name/);
      assert.deepEqual((await readdir(root)).sort(), ['inbox', 'taken.txt']);
      await keepPicture(page, 'upload-errors');

      const short = await ServalProcess.serve([root, '--listing', '--upload']);
      await page.goto(`${short.origin}/`);
      const slow = await slowDown(page);
      await page.getByLabel('Choose files').setInputFiles(file('lost.bin', LARGE));
      await said(page, /lost\.bin.*of 2\.1 MB/);
      await short[Symbol.asyncDispose]();
      await said(page, /lost\.bin.*The connection was lost before the file was complete\./);
      await slow.letGo();
    });
  });

  it('can be cancelled, and nothing is left of it', async () => {
    await withPage({}, async (page) => {
      await page.goto(`${serval.origin}/inbox/`);
      const slow = await slowDown(page);
      await page.getByLabel('Choose files').setInputFiles([file('a.bin', LARGE), file('b.bin', LARGE)]);
      await said(page, /a\.bin.*of 2\.1 MB/);
      await until('it is being written', async () => (await readdir(join(root, 'inbox'))).length === 1);
      await page.getByRole('button', { name: 'Cancel the upload of b.bin' }).click();
      await page.getByRole('button', { name: 'Cancel the upload of a.bin' }).click();
      await said(page, /a\.bin.*Cancelled\./);
      await said(page, /b\.bin.*Cancelled\./);
      await until('nothing is left', async () => (await readdir(join(root, 'inbox'))).length === 0);
      await slow.letGo();
    });
  });

  it('takes what is dropped on it', async () => {
    await withPage({}, async (page) => {
      await page.goto(`${serval.origin}/inbox/`);
      const dropped = await page.evaluateHandle(`(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(['dropped'], 'dropped 1.txt'));
        transfer.items.add(new File(['too'], 'dropped 2.txt'));
        return transfer;
      })()`);
      await page.dispatchEvent('main', 'dragenter', { dataTransfer: dropped });
      assert.equal(await page.locator('html.over').count(), 1);
      await keepPicture(page, 'upload-dragged');
      await page.dispatchEvent('main', 'drop', { dataTransfer: dropped });
      assert.equal(await page.locator('html.over').count(), 0);
      await page.getByRole('link', { name: 'dropped 2.txt' }).waitFor();
      assert.equal(await readFile(join(root, 'inbox', 'dropped 1.txt'), 'utf8'), 'dropped');
    });
  });

  for (const host of ['127.0.0.1', ELSEWHERE]) {
    it(`works without a script, at ${host}`, async () => {
      await withPage({ javaScriptEnabled: false }, async (page) => {
        await page.goto(`http://${host}:${serval.port}/inbox/?sort=size`);
        const send = async () => {
          await page
            .locator('input[type=file]')
            .setInputFiles([file('form "1".txt', 'one'), file('form 2.txt', 'two')]);
          await page.getByRole('button', { name: 'Upload' }).click();
        };
        await keepPicture(page, 'upload-without-script');
        await send();
        await page.getByRole('link', { name: 'form 2.txt' }).waitFor();
        assert.equal(new URL(page.url()).pathname, '/inbox/');
        assert.equal(await readFile(join(root, 'inbox', 'form "1".txt'), 'utf8'), 'one');
        await send();
        await page.getByRole('heading', { name: 'Nothing was stored' }).waitFor();
        assert.equal(await page.getByText('There is already a file of this name.').count(), 2);
        assert.deepEqual(await page.evaluate(faintTexts), []);
        await keepPicture(page, 'upload-without-script-refused');
        await page.getByRole('link', { name: 'Back to the folder' }).click();
        assert.equal(new URL(page.url()).pathname, '/inbox/');
      });
    });

    it(`works with a script, at ${host}`, async () => {
      await withPage({}, async (page) => {
        await page.goto(`http://${host}:${serval.port}/inbox/`);
        await page.getByLabel('Choose files').setInputFiles(file('by put #1?.txt', 'put'));
        await page.getByRole('link', { name: 'by put #1?.txt' }).waitFor();
        assert.equal(await readFile(join(root, 'inbox', 'by put #1?.txt'), 'utf8'), 'put');
      });
    });

    it(`is not to be had from another site: from another port to ${host}`, async () => {
      const target = `http://${host}:${serval.port}/inbox/`;
      const evil = `<form method="post" action="${target}" enctype="multipart/form-data">
        <input type="file" name="file"><button>Win</button></form>`;
      const page = () => new ServalResponse(evil, { headers: { 'Content-Type': 'text/html' } });
      await withServer(page, async ({ port }) => {
        await withPage({}, async (page) => {
          await page.goto(`http://${host}:${port}/`);
          await page.locator('input').setInputFiles(file('evil.txt', 'evil'));
          const [response] = await Promise.all([
            page.waitForResponse(target),
            page.getByRole('button', { name: 'Win' }).click(),
          ]);
          assert.equal(response.status(), 403);
          const sent = await response.request().allHeaders();
          assert.equal(sent['sec-fetch-site'], host === ELSEWHERE ? undefined : 'same-site');
          assert.equal(sent['origin'], `http://${host}:${port}`);
          assert.deepEqual(await readdir(join(root, 'inbox')), []);
        });
      });
    });
  }
});
