/** What somebody does who looks around on the site of `test/interop/real-site/sources.ts`, and what has to come of it. */
import assert from 'node:assert/strict';
import type { Page, Response } from 'playwright-core';
import type { ServalProcess } from '../cli/serval-process.ts';
import { TONE_SECONDS } from '../interop/real-site/sources.ts';

/** Media plays without anybody having clicked, and without a sound. */
export const MEDIA_FLAGS = ['--autoplay-policy=no-user-gesture-required', '--mute-audio'];

// These run in the browser.
const LOAD_MISSING_SCRIPT = `new Promise((resolve) => {
  const script = document.createElement('script');
  script.onerror = () => resolve('failed');
  script.onload = () => resolve('loaded');
  script.src = '/gone.js';
  document.head.append(script);
})`;
const DURATION = `(async () => {
  const audio = document.querySelector('audio');
  if (audio.readyState === 0) await new Promise((resolve) => audio.addEventListener('loadedmetadata', resolve));
  return audio.duration;
})()`;
const seekAndPlay = (seconds: number) => `(async () => {
  const audio = document.querySelector('audio');
  const seeked = new Promise((resolve) => audio.addEventListener('seeked', resolve, { once: true }));
  audio.currentTime = ${seconds};
  await seeked;
  await audio.play();
  while (audio.currentTime < ${seconds} + 0.5) await new Promise((resolve) => setTimeout(resolve, 50));
  audio.pause();
  return audio.currentTime;
})()`;

/** Each takes a page, and a server that writes its access log; each returns what is worth telling. */
export const VISITS = {
  'follows links, goes deep, reloads there, goes back': async (page: Page, serval: ServalProcess) => {
    await page.goto(`${serval.origin}/`);
    await heading(page, 'Serval FM');
    await page.getByRole('link', { name: 'Albums' }).click();
    await page.getByRole('link', { name: 'High leap, part 2' }).click();
    await heading(page, 'High leap, part 2');
    const path = new URL(page.url()).pathname;
    assert.equal(path, '/albums/11');
    const response = await page.reload();
    assert.equal(response?.status(), 200);
    await heading(page, 'High leap, part 2');
    await page.goBack();
    await heading(page, 'Albums');
    return `${path} reloaded: 200`;
  },

  'is told the truth about what is missing': async (page: Page, serval: ServalProcess) => {
    await page.goto(`${serval.origin}/albums/11`);
    for (const path of ['/assets/gone-Ab3dEf6h.js', '/gone.png', '/gone.json', '/assets/gone-Ab3dEf6h.css']) {
      const answer = await page.evaluate(async (url) => {
        const response = await fetch(url);
        return { status: response.status, type: response.headers.get('content-type') };
      }, path);
      assert.equal(answer.status, 404, path);
      assert.doesNotMatch(answer.type ?? '', /html/);
    }
    const failed = await page.evaluate(LOAD_MISSING_SCRIPT);
    assert.equal(failed, 'failed');
    return 'scripts, images, data: 404';
  },

  'gets text coded, and keeps what is named after its content': async (page: Page, serval: ServalProcess) => {
    const responses: Response[] = [];
    page.on('response', (response) => responses.push(response));
    await page.goto(`${serval.origin}/albums`);
    await heading(page, 'Albums');
    const codings = new Set<string>();
    const assets = responses.filter((response) => response.url().includes('/assets/'));
    assert.ok(assets.length >= 4, `${assets.length} assets`);
    for (const response of responses) {
      const { 'content-encoding': coding, 'cache-control': policy } = response.headers();
      if (assets.includes(response)) assert.match(policy!, /max-age=31536000, immutable/, response.url());
      else assert.equal(policy, 'no-cache', response.url());
      // Some of the others are so small that a coding would make them larger.
      if (/\.js$/.test(response.url())) {
        assert.match(coding ?? 'none', /^(zstd|br|gzip)$/, response.url());
        codings.add(coding!);
      }
    }
    return `${assets.length} assets immutable, coded with ${[...codings].join(', ')}`;
  },

  'asks again for the page, and not for the rest': async (page: Page, serval: ServalProcess) => {
    await page.goto(`${serval.origin}/`);
    await page.waitForLoadState('networkidle');
    await mark(serval, 'before');
    await page.reload();
    await page.waitForLoadState('networkidle');
    await mark(serval, 'after');
    const log = serval.stdout.slice(serval.stdout.indexOf('?before'), serval.stdout.indexOf('?after'));
    const asked = log.match(/ \d{3} GET .*?(?= \S+ bytes)/g) ?? [];
    assert.deepEqual(asked, [' 304 GET  /']);
    return 'one 304';
  },

  'listens, and seeks by ranges': async (page: Page, serval: ServalProcess) => {
    const ranges: string[] = [];
    page.on('response', (response) => {
      if (response.status() === 206) ranges.push(response.headers()['content-range']!);
    });
    await page.goto(`${serval.origin}/listen`);
    await page.locator('audio').waitFor();
    const duration = await page.evaluate<number>(DURATION);
    assert.ok(Math.abs(duration - TONE_SECONDS) < 0.1, `${duration}`);
    const target = TONE_SECONDS - 10;
    const heard = await page.evaluate<number>(seekAndPlay(target));
    assert.ok(heard >= target + 0.5 && heard < TONE_SECONDS, `${heard}`);
    await serval.says(/ 206 GET /);
    assert.ok(ranges.length >= 2, ranges.join());
    assert.ok(
      ranges.some((range) => Number(/^bytes (\d+)-/.exec(range)![1]) > 1_000_000),
      ranges.join(),
    );
    return `played from ${target} s to ${heard.toFixed(1)} s; ${ranges.join(', ')}`;
  },
};

/** Leaves a line in the access log, and waits until it is there: then so is all that was asked for before. */
async function mark(serval: ServalProcess, name: string): Promise<void> {
  await fetch(`${serval.origin}/?${name}`, { method: 'HEAD' });
  await serval.says(new RegExp(`\\?${name} `));
}

async function heading(page: Page, text: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: text, exact: true }).waitFor();
}
