/** The pages of errors in a real browser. SERVAL_SCREENSHOTS names a folder to keep pictures of them in. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ServalProcess } from '../cli/serval-process.ts';
import { withServer } from '../server/with-server.ts';
import { assertAccessible } from './accessible.ts';
import { keepPicture, noBrowser } from './chromium.ts';
import { withCleanPage } from './clean-page.ts';
import { faintTexts } from './faint-texts.ts';
import { ELSEWHERE } from './one-chromium.ts';

const isExpected = (complaint: string) => complaint.startsWith('Failed to load resource');

describe('the pages of errors', { skip: noBrowser }, () => {
  let root: string;
  let serval: ServalProcess;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'serval-test-'));
    await mkdir(join(root, 'photos'));
    await writeFile(join(root, 'index.html'), '<!doctype html><title>Home</title><h1>Home</h1>');
    serval = await ServalProcess.serve([root]);
  });
  after(async () => {
    await serval?.[Symbol.asyncDispose]();
    await rm(root, { recursive: true });
  });

  const cases: readonly (readonly [name: string, url: () => string, status: number, heading: string])[] = [
    ['404', () => `${serval.origin}/a/missing.html`, 404, 'There is nothing at this address'],
    ['folder', () => `${serval.origin}/photos/`, 404, 'This folder has no index.html'],
    ['400', () => `${serval.origin}/%ff`, 400, 'The server could not read this request'],
    ['421', () => `http://${ELSEWHERE}:${serval.port}/`, 421, 'This server does not answer for this name'],
  ];
  for (const colorScheme of ['light', 'dark'] as const) {
    it(`fit, can be read, and axe-core finds nothing: ${colorScheme}`, async () => {
      await withCleanPage(
        { colorScheme },
        async (page) => {
          const look = async (name: string, url: string, status: number, heading: string) => {
            const response = await page.goto(url);
            assert.equal(response?.status(), status);
            assert.equal(await page.locator('h1').textContent(), heading);
            for (const [device, width] of Object.entries({ desk: 1280, phone: 390, zoomed: 320 })) {
              await page.setViewportSize({ width, height: 800 });
              assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, device);
              assert.deepEqual(await page.evaluate(faintTexts), [], device);
              await assertAccessible(page, `${name}, ${colorScheme}, ${device}`);
              await keepPicture(page, `error-${name}-${colorScheme}-${device}`);
            }
          };
          for (const [name, url, status, heading] of cases) await look(name, url(), status, heading);
          const fault = () => {
            throw new Error('of the test');
          };
          await withServer(fault, ({ origin }) =>
            look('500', `${origin}/`, 500, 'Something went wrong on the server'),
          );
        },
        isExpected,
      );
    });
  }

  it('lead to the front page', async () => {
    await withCleanPage(
      {},
      async (page) => {
        await page.goto(`${serval.origin}/a/missing.html`);
        await page.getByRole('link', { name: 'Go to the front page' }).click();
        await page.getByRole('heading', { name: 'Home' }).waitFor();
      },
      isExpected,
    );
  });
});
