/** The requests of the soak whose responses are read to the end: each kind in turn. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Asked, asked } from '../../support/checking-client.ts';
import { requestMix } from '../pool/requests.ts';

const DOCS = fileURLToPath(new URL('../../../../docs/', import.meta.url));
const FILES = ['ARCHITECTURE.md', 'LIMITS.md', 'SECURITY-MODEL.md'];
const ORDER = { id: 482_113, items: Array.from({ length: 20 }, (_, i) => ({ article: `A-${i}`, price: i })) };

/** @returns the request with this number. */
export function mixedRequests(): (number: number) => Asked {
  const ordinary = requestMix({ streams: true });
  const files = FILES.map((name) => asked('GET', `/${name}`, readFileSync(join(DOCS, name))));
  const answer = Buffer.from(JSON.stringify({ received: ORDER }));
  const json = asked('POST', '/json', answer, Buffer.from(JSON.stringify(ORDER)));
  return (number) => {
    if (number % 8 === 1) return json;
    if (number % 8 === 5) return files[(number >> 3) % files.length]!;
    return ordinary(number);
  };
}
