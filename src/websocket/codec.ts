/**
 * Compression (RFC 7692): that of the package `ws`, which has met every client there is. It is loaded when a client first offers it.
 * Frames are Serval's own: `frames/`.
 */
import type { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** permessage-deflate (RFC 7692 §7). */
export interface DeflateExtension {
  /** @throws if none of the offers can be accepted. */
  accept(offers: unknown): Record<string, unknown>;
  /** The parameters of a client's offer. */
  offer(): Record<string, unknown>;
  compress(message: string | Uint8Array, isWhole: true, onEnd: OnEnd): void;
  decompress(octets: Uint8Array, isWhole: true, onEnd: OnEnd): void;
  cleanup(): void;
}

type OnEnd = (error: (Error & { code?: string }) | null, octets?: Buffer) => void;

export interface Codec {
  readonly PerMessageDeflate: (new (
    options: object,
  ) => DeflateExtension) & { readonly extensionName: string };
  readonly extension: {
    parse(field: string): Record<string, unknown>;
    format(extensions: Record<string, unknown>): string;
  };
}

let codec: Codec | undefined;

/** @throws {Error} `MODULE_NOT_FOUND` if the package is not installed. */
export function loadCodec(): Codec {
  if (codec === undefined) {
    const require = createRequire(import.meta.url);
    // By its file: for the name, Bun gives a replacement of its own, which has no compression.
    codec = require(join(dirname(require.resolve('ws/package.json')), 'index.js')) as Codec;
  }
  return codec;
}
