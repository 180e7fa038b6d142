/** Chromium, by scripts in a page. */
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../browser/chromium.ts';
import { expect, expectText, type Http2Peer, STREAMS, type Target } from './peer.ts';

/** In the page: FNV-1a over 32-bit words, because WebCrypto hashes no streams. */
const HASH = `(async (response) => {
  let hash = 0x811c9dc5, count = 0, at = 0, word = 0;
  for (const reader = response.body.getReader();;) {
    const { done, value } = await reader.read();
    if (done) return count + ' ' + (hash >>> 0);
    count += value.length;
    for (let i = 0; i < value.length; i++) {
      word |= value[i] << (8 * at);
      if (++at === 4) { hash = Math.imul(hash ^ word, 0x01000193); at = 0; word = 0; }
    }
  }
})`;

async function inPage<T>({ origin, site }: Target, script: string): Promise<{ value: T; protocols: string }> {
  const browser: Browser = await launchChromium(['--ignore-certificate-errors']);
  try {
    const page = await browser.newPage();
    const devtools = await page.context().newCDPSession(page);
    const protocols = new Set<string>();
    await devtools.send('Network.enable');
    devtools.on('Network.responseReceived', ({ response }) => protocols.add(response.protocol ?? ''));
    await page.goto(`${origin}/`);
    // Blobs of this size must be files: in memory they are net::ERR_BLOB_OUT_OF_MEMORY.
    await page.evaluate(`document.body.innerHTML = '<input type="file">'`);
    await page.setInputFiles('input', site.file);
    const value = (await page.evaluate(script)) as T;
    return { value, protocols: [...protocols].join() };
  } finally {
    await browser.close();
  }
}

async function overHttp2<T>(target: Target, script: string): Promise<T> {
  const { value, protocols } = await inPage<T>(target, script);
  expect('the protocol by the devtools', protocols, 'h2');
  return value;
}

export const CHROMIUM: Http2Peer = {
  name: 'Chromium',
  needsTls: true,
  exchanges: {
    text: async (target) =>
      expectText(await overHttp2(target, `fetch('/text').then((response) => response.text())`), target),
    down: async (target) => {
      const hash = await overHttp2<string>(target, `fetch('/down').then(${HASH})`);
      return expect('hash', hash, fnvOf(target));
    },
    up: async (target) => {
      const script = `fetch('/up', { method: 'POST', body: document.querySelector('input').files[0] })
        .then((response) => response.text())`;
      return expect('hash', await overHttp2(target, script), target.site.hash);
    },
    '1,000 streams': async (target) => {
      const script = `Promise.all(Array.from({ length: ${STREAMS} }, (_, i) => fetch('/text?' + i).then((response) => response.text())))
        .then((texts) => new Set(texts).size + ' ' + texts.length)`;
      return expect('texts', await overHttp2(target, script), `1 ${STREAMS}`);
    },
  },
};

/** The same hash as in the page. */
function fnvOf({ site }: Target): string {
  let hash = 0x811c9dc5;
  const words = site.words;
  for (let i = 0; i < site.mebibytes; i++)
    for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  return `${site.mebibytes * 2 ** 20} ${hash >>> 0}`;
}
