/** Content that has to match a hash (Subresource Integrity §3.3). */
import { createHash } from 'node:crypto';
import { type Content, StreamContent } from '../../fetch/content/content.ts';
import { clientError } from '../errors.ts';

const STRONGEST_FIRST = ['sha512', 'sha384', 'sha256'];

export interface Integrity {
  readonly algorithm: string;
  /** Digests in base64; the content has to match one of them. */
  readonly digests: ReadonlySet<string>;
}

/**
 * Of several algorithms the strongest counts (§3.3.4).
 *
 * @returns `undefined` for text without any metadata.
 * @throws {TypeError} for text without a hash that is known. Browsers take such content unchecked, this client does not.
 */
export function parseIntegrity(text: string): Integrity | undefined {
  if (text.trim() === '') return undefined;
  const hashes = [
    ...text.matchAll(/(?<=^|\s)(sha(?:256|384|512))-([A-Za-z0-9+/_-]+={0,2})(?:\?\S*)?(?=\s|$)/g),
  ];
  for (const algorithm of STRONGEST_FIRST) {
    const matching = hashes.filter(([, found]) => found === algorithm);
    const digests = new Set(
      matching.map(([, , digest]) => Buffer.from(digest!, 'base64').toString('base64')),
    );
    if (digests.size > 0) return { algorithm, digests };
  }
  throw new TypeError(
    `fetch: integrity: expected a sha256, sha384 or sha512 hash, got ${JSON.stringify(text)}`,
  );
}

/** Reads the whole content. @throws {TypeError} if it does not match. */
export async function verifiedContent(
  content: Content | undefined,
  { algorithm, digests }: Integrity,
): Promise<Content> {
  const octets = (await content?.collect()) ?? new Uint8Array(0);
  const digest = createHash(algorithm).update(octets).digest('base64');
  if (!digests.has(digest)) {
    const message = `The content does not match its integrity metadata: its hash is ${algorithm}-${digest}`;
    throw clientError('ERR_HTTP_INTEGRITY', message);
  }
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      if (octets.length > 0) controller.enqueue(octets);
      controller.close();
    },
  });
  return new StreamContent(stream, content?.trailers ?? Promise.resolve(new Headers()));
}
