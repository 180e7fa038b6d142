/**
 * Serval with the HTTP/2 of other projects: command-line clients, runtimes, a browser, and proxies in front. Each gets a text,
 * sends and receives a large content whose hash is compared, exchanges trailers if it can, and has 1,000 requests at once.
 */
import { parseArgs } from 'node:util';
import { noBrowser } from '../browser/chromium.ts';
import { type Command, wholeNumber } from '../support/commands.ts';
import { findProgram } from '../support/find-program.ts';
import { markdownTable } from '../support/markdown-table.ts';
import { CHROMIUM } from './http2/browser.ts';
import { CURL, H2LOAD, NGHTTP } from './http2/commands.ts';
import { FRONTS, startFront } from './http2/fronts.ts';
import { EXCHANGES, type Http2Peer, type Target } from './http2/peer.ts';
import { runtimes } from './http2/runtimes.ts';
import { Http2Site } from './http2/site.ts';

const HELP = `[options] [WORD…]

  --mebibytes NUMBER   the length of the large content (1024)

Only peers whose name contains a WORD; all by default. Those that are not installed are skipped.`;

export const http2: Command = {
  summary: 'curl, nghttp, h2load, runtimes, Chromium and proxies over HTTP/2',
  help: HELP,
  async run(args) {
    const options = { mebibytes: { type: 'string', default: '1024' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const isChosen = (name: string) =>
      positionals.length === 0 || positionals.some((word) => name.toLowerCase().includes(word.toLowerCase()));
    await using site = await Http2Site.start(wholeNumber('--mebibytes', values.mebibytes, 1));
    const judge = new Judge();
    const clear: Target = {
      site,
      origin: `http://127.0.0.1:${site.clear}`,
      encrypted: false,
      protocol: 'h2c',
    };
    const secure: Target = {
      site,
      origin: `https://localhost:${site.secure}`,
      encrypted: true,
      protocol: 'h2',
    };
    for (const peer of peers().filter(({ name }) => isChosen(name))) {
      if (peer.needsTls !== true) await judge.peer(peer, clear);
      await judge.peer(peer, secure);
    }
    for (const front of FRONTS.filter(({ name }) => isChosen(name))) {
      const file = findProgram(front.program);
      if (file === undefined) continue;
      for (const protocol of ['h2c', 'h2'] as const) {
        await using running = await startFront(front, file, site, protocol === 'h2');
        // The program and the proxy speak HTTP/2 without TLS.
        const target = { site, origin: `http://127.0.0.1:${running.port}`, encrypted: false, protocol };
        for (const { name, exchanges } of [CURL, NGHTTP])
          await judge.peer({ name: `${name} → ${front.name}`, exchanges, drops: front.drops ?? [] }, target);
      }
    }
    console.log(judge.table());
    return judge.faults;
  },
};

function peers(): Http2Peer[] {
  const isInstalled = ({ name }: Http2Peer) => findProgram(name) !== undefined;
  return [
    ...[CURL, NGHTTP, H2LOAD].filter(isInstalled),
    ...runtimes(),
    ...(noBrowser === false ? [CHROMIUM] : []),
  ];
}

class Judge {
  readonly faults: string[] = [];
  readonly #rows: string[][] = [];

  async peer(peer: Http2Peer, target: Target): Promise<void> {
    const cells: string[] = [];
    for (const exchange of EXCHANGES) {
      const began = performance.now();
      try {
        const isDropped = peer.drops?.includes(exchange) === true;
        const outcome = isDropped ? undefined : await peer.exchanges[exchange]?.(target);
        const seconds = (performance.now() - began) / 1_000;
        const isLarge = exchange === 'down' || exchange === 'up';
        cells.push(outcome === undefined ? '–' : isLarge ? `${outcome}, ${seconds.toFixed(1)} s` : outcome);
      } catch (error) {
        cells.push('**wrong**');
        this.faults.push(
          `${peer.name}, ${target.protocol}, ${exchange}: ${(error as Error).message.slice(0, 2_000)}`,
        );
      }
    }
    console.error([peer.name, target.protocol, ...cells].join(' | '));
    this.#rows.push([peer.name, target.protocol, ...cells]);
  }

  table(): string {
    return markdownTable(
      ['peer', 'to Serval', ...EXCHANGES],
      ['peer', 'wire', ...EXCHANGES].map(() => '---'),
      this.#rows,
    );
  }
}
