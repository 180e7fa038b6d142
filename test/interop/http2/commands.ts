/** The command-line clients: curl, nghttp and h2load. */
import { expect, expectMatch, expectText, type Http2Peer, STREAMS, shell, type Target } from './peer.ts';
import { TRAILING } from './site.ts';

function curl({ site, encrypted }: Target): string {
  const version = encrypted ? `--http2 --cacert ${site.authority}` : '--http2-prior-knowledge';
  return `curl --silent --show-error --max-time 170 ${version}`;
}

export const CURL: Http2Peer = {
  name: 'curl',
  exchanges: {
    text: async (target) => expectText(await shell(`${curl(target)} ${target.origin}/text`), target),
    down: async (target) =>
      expect(
        'hash',
        await shell(`${curl(target)} ${target.origin}/down | sha256sum | cut -c 1-64`),
        target.site.hash,
      ),
    up: async (target) =>
      expect(
        'hash',
        await shell(`${curl(target)} -T ${target.site.file} ${target.origin}/up`),
        target.site.hash,
      ),
    'trailers down': async (target) =>
      expectMatch(
        'trailers',
        await shell(`${curl(target)} --dump-header - -o /dev/null ${target.origin}/trailers`),
        new RegExp(`^${TRAILING}: after the content`, 'm'),
      ),
    '1,000 streams': async (target) => {
      // Without TLS, the second request on a connection of curl 7.88 is "Error in the HTTP2 framing layer", with any server.
      if (!target.encrypted) return '– (once a connection)';
      const words = `--parallel --parallel-max 100 -o /dev/null -w '%{http_code} %{http_version}\\n'`;
      const lines = await shell(
        `${curl(target)} ${words} '${target.origin}/text?[1-${STREAMS}]' | sort | uniq -c`,
      );
      return expect('status and version', lines, `${STREAMS} 200 2`);
    },
  },
};

const WINDOWS = '--window-bits=20 --connection-window-bits=24';

export const NGHTTP: Http2Peer = {
  name: 'nghttp',
  exchanges: {
    text: async (target) => expectText(await shell(`nghttp ${target.origin}/text`), target),
    down: async (target) =>
      expect(
        'hash',
        await shell(`nghttp ${WINDOWS} ${target.origin}/down | sha256sum | cut -c 1-64`),
        target.site.hash,
      ),
    up: async (target) =>
      expect('hash', await shell(`nghttp --data=${target.site.file} ${target.origin}/up`), target.site.hash),
    'trailers down': async (target) =>
      expectMatch(
        'trailers',
        await shell(`nghttp --verbose ${target.origin}/trailers`),
        new RegExp(`${TRAILING}: after the content`),
      ),
    'trailers up': async (target) =>
      expect(
        'trailers',
        await shell(
          `nghttp --data=/etc/hostname --trailer='${TRAILING}: a client' ${target.origin}/trailers`,
        ),
        'a client',
      ),
    '1,000 streams': async (target) => {
      const table = await shell(`nghttp --null-out --stat --multiply=${STREAMS} ${target.origin}/text`);
      return expect('responses', String(table.match(/^ *\d+ .* 200 .*\/text$/gm)?.length), String(STREAMS));
    },
  },
};

export const H2LOAD: Http2Peer = {
  name: 'h2load',
  exchanges: {
    text: async (target) =>
      expectMatch('text', await h2load('-n 1', target, '/text'), / 1 succeeded, 0 failed/),
    down: async (target) => {
      const report = await h2load(`-n 1 ${WINDOWS}`, target, '/down');
      return `${expectMatch('content', report, new RegExp(`\\(${target.site.mebibytes * 2 ** 20}\\) data`))}, not hashed`;
    },
    up: async (target) =>
      `${expectMatch('status', await h2load(`-n 1 --data=${target.site.file}`, target, '/up'), /status codes: 1 2xx/)}, not hashed`,
    '1,000 streams': async (target) =>
      expectMatch(
        'responses',
        await h2load(`-n ${STREAMS} -m 100`, target, '/text'),
        new RegExp(` ${STREAMS} succeeded, 0 failed[^]*status codes: ${STREAMS} 2xx`),
      ),
  },
};

const h2load = (words: string, { origin }: Target, path: string) =>
  shell(`h2load -c 1 ${words} ${origin}${path}`);
