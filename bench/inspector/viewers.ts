/** Who looks at the inspector during a measurement: its page in a browser, or a program that keeps what the page keeps. */
import { WebSocket } from '../../src/client/index.ts';
import type { Notice } from '../../src/inspector/messages.ts';
import { Store } from '../../src/inspector/page/store.ts';
import { launchChromium } from '../../test/browser/chromium.ts';

export interface Viewer extends AsyncDisposable {
  /** Bytes of the JavaScript heap of the page, after garbage collection; 0 for the program. */
  heap(): Promise<number>;
  /** Exchanges that it keeps. */
  exchanges(): Promise<number>;
}

/** Takes all messages, as the page does, and draws nothing. */
export async function openProgram(url: string): Promise<Viewer> {
  const store = new Store();
  const headers = { origin: new URL(url).origin };
  const socket = new WebSocket(new URL('feed', url).href.replace(/^http/, 'ws'), { headers });
  socket.addEventListener('message', (event) => {
    const notice = JSON.parse(String((event as unknown as MessageEvent).data)) as Notice;
    if (notice.type === 'hello' || notice.type === 'news') store.apply(notice);
  });
  await new Promise((done) => socket.addEventListener('open', done));
  return {
    heap: async () => 0,
    exchanges: async () => store.exchanges.size,
    [Symbol.asyncDispose]: async () => socket.close(),
  };
}

export async function openChromium(url: string): Promise<Viewer> {
  const browser = await launchChromium();
  const page = await browser.newPage();
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(String(error)));
  await page.goto(url);
  await page.locator('#state[data-state=live]').waitFor();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  return {
    heap: async () => {
      await devtools.send('HeapProfiler.collectGarbage');
      const { metrics } = await devtools.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
    },
    exchanges: async () => {
      if (failures.length > 0) throw new Error(failures.join('; '));
      return Number.parseInt((await page.locator('#count').textContent()) ?? '', 10);
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
    },
  };
}
