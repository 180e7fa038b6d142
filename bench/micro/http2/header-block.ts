import { HpackDecoder, HpackEncoder, OctetWriter } from '../../../src/hpack/index.ts';
import { nativeRuntime } from '../../../src/io/native-runtime.ts';
import type { Micro } from '../measure.ts';

const about = 'hpack/decoder';

/** What a browser asks for on a new connection. */
export const REQUEST: readonly (readonly [name: string, value: string])[] = [
  [':method', 'GET'],
  [':authority', 'www.example.com'],
  [':scheme', 'https'],
  [':path', '/'],
  ['sec-ch-ua', '"Chromium";v="120", "Not?A_Brand";v="24"'],
  ['sec-ch-ua-mobile', '?0'],
  ['sec-ch-ua-platform', '"Linux"'],
  ['upgrade-insecure-requests', '1'],
  [
    'user-agent',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
  ],
  ['accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'],
  ['sec-fetch-site', 'none'],
  ['sec-fetch-mode', 'navigate'],
  ['sec-fetch-user', '?1'],
  ['sec-fetch-dest', 'document'],
  ['accept-encoding', 'gzip, deflate, br'],
  ['accept-language', 'en-GB,en;q=0.9'],
];

function blockOf(encoder: HpackEncoder): Uint8Array {
  const out = new OctetWriter(nativeRuntime);
  encoder.begin(out);
  for (const [name, value] of REQUEST) encoder.field(out, name, value);
  return out.octets.slice(0, out.length);
}

// What is sent for the second time is added to the table.
blockOf(new HpackEncoder());
const encoder = new HpackEncoder();
const first = blockOf(encoder);
const repeated = blockOf(encoder);
const decoder = new HpackDecoder(4096, nativeRuntime);
decoder.decode(first);

export const HEADER_BLOCK: readonly Micro[] = [
  {
    about,
    what: `decode a browser's first block of ${first.length} octets`,
    octets: first.length,
    run: (times) => {
      let sum = 0;
      for (let i = 0; i < times; i++) {
        const fresh = new HpackDecoder(4096, nativeRuntime);
        if (!fresh.decode(first)) throw new Error('the block was not understood');
        sum += fresh.listSize;
      }
      return sum;
    },
  },
  {
    about,
    what: `decode a block of ${repeated.length} octets that repeats it by indexes`,
    run: (times) => {
      let sum = 0;
      for (let i = 0; i < times; i++) {
        if (!decoder.decode(repeated)) throw new Error('the block was not understood');
        sum += decoder.listSize;
      }
      return sum;
    },
  },
];
