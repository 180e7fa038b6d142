/**
 * The codec of WebSocket frames (RFC 6455 §5, RFC 7692): the one of the package `ws`, which has met every client there is. It is
 * loaded when the first connection is upgraded.
 */
import { createRequire } from 'node:module';
import type { Duplex, Writable } from 'node:stream';

type OnSent = (error?: Error) => void;
type Extensions = Record<string, DeflateExtension>;

/** Octets in; events `message` (data, isBinary), `ping`, `pong`, `conclude` (code, reason), `error`. */
export type FrameReceiver = Writable;

export interface FrameSender {
  send(
    data: string | Uint8Array | Blob,
    options: { binary: boolean; compress: boolean; fin: true; mask: boolean },
    onSent: OnSent,
  ): void;
  ping(data: Uint8Array | string, mask: boolean, onSent: OnSent): void;
  pong(data: Uint8Array | string, mask: boolean, onSent: OnSent): void;
  close(code: number | undefined, reason: string | Uint8Array, mask: boolean, onSent: OnSent): void;
  /** Bytes that wait for the compressor. */
  readonly _bufferedBytes: number;
  /** 0 while no message waits for the compressor or for a Blob. */
  readonly _state: number;
}

/** permessage-deflate (RFC 7692 §7). */
export interface DeflateExtension {
  /** @throws if none of the offers can be accepted. */
  accept(offers: unknown): Record<string, unknown>;
  /** The parameters of a client's offer. */
  offer(): Record<string, unknown>;
  cleanup(): void;
}

export interface Codec {
  readonly Receiver: new (options: {
    isServer: boolean;
    maxPayload: number;
    maxFragments: number;
    maxBufferedChunks: number;
    extensions: Extensions;
  }) => FrameReceiver;
  readonly Sender: (new (
    octets: Duplex,
    extensions: Extensions,
  ) => FrameSender) & {
    /** @returns the octets of a frame, in one or two pieces. */
    frame(
      data: Uint8Array,
      shape: { fin: true; rsv1: false; opcode: number; mask: false; readOnly: true },
    ): Uint8Array[];
  };
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
  codec ??= createRequire(import.meta.url)('ws') as Codec;
  return codec;
}
