import { ChunkedDecoder, CONTENT, CONTENT_END, DEFAULT_LIMITS } from '../../../src/http1/index.ts';
import { runtimeLatin1 } from '../latin1.ts';
import type { Micro } from '../measure.ts';

const about = 'http1/chunked-decoder';

function chunked(chunkOctets: number, chunks: number): Uint8Array {
  const chunk = `${chunkOctets.toString(16)}\r\n${'c'.repeat(chunkOctets)}\r\n`;
  return new Uint8Array(Buffer.from(`${chunk.repeat(chunks)}0\r\n\r\n`, 'latin1'));
}

function decode(octets: Uint8Array, content: number): Micro['run'] {
  return (times) => {
    let sum = 0;
    for (let i = 0; i < times; i++) {
      const decoder = new ChunkedDecoder(DEFAULT_LIMITS, runtimeLatin1);
      let result = decoder.decode(octets, octets.length);
      let decoded = 0;
      while (result === CONTENT) {
        decoded += decoder.dataEnd - decoder.dataStart;
        result = decoder.decode(octets, octets.length);
      }
      if (result !== CONTENT_END || decoded !== content) throw new Error('the content was rejected');
      sum += decoded;
    }
    return sum;
  };
}

const KIB = 1024;
const ONE_KIB_CHUNKS = chunked(KIB, 64);
const TINY_CHUNKS = chunked(16, 256);

export const CHUNKED_DECODER: readonly Micro[] = [
  {
    about,
    what: 'decode 64 KiB in chunks of 1 KiB',
    octets: ONE_KIB_CHUNKS.length,
    run: decode(ONE_KIB_CHUNKS, 64 * KIB),
  },
  {
    about,
    what: 'decode 4 KiB in chunks of 16 octets',
    octets: TINY_CHUNKS.length,
    run: decode(TINY_CHUNKS, 4 * KIB),
  },
];
