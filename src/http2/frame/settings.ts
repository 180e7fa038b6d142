/** SETTINGS (RFC 9113 §6.5). */
import { HTTP2_ERRORS, type Http2Error } from '../errors.ts';
import { DEFAULT_FRAME_SIZE } from './frame-types.ts';

export const SETTINGS_HEADER_TABLE_SIZE = 0x01;
export const SETTINGS_ENABLE_PUSH = 0x02;
export const SETTINGS_MAX_CONCURRENT_STREAMS = 0x03;
export const SETTINGS_INITIAL_WINDOW_SIZE = 0x04;
export const SETTINGS_MAX_FRAME_SIZE = 0x05;
export const SETTINGS_MAX_HEADER_LIST_SIZE = 0x06;
/** RFC 8441 §3. */
export const SETTINGS_ENABLE_CONNECT_PROTOCOL = 0x08;
/** RFC 9218 §2.1. */
export const SETTINGS_NO_RFC7540_PRIORITIES = 0x09;

/** A setting: its identifier and its value. */
export type Setting = readonly [identifier: number, value: number];

export const SETTING_OCTETS = 6;
const LARGEST_FRAME_SIZE = 0xff_ffff;
const NOT_SET = -1;

export const DEFAULT_WINDOW = 65_535;
/** The largest size of a window (RFC 9113 §6.9.1). */
export const LARGEST_WINDOW = 0x7fff_ffff;

/** The settings of the peer. Before its first SETTINGS these are the initial values (RFC 9113 §6.5.2). */
export class PeerSettings {
  headerTableSize = 4096;
  enablePush = true;
  maxConcurrentStreams = Number.POSITIVE_INFINITY;
  initialWindow = DEFAULT_WINDOW;
  maxFrameSize = DEFAULT_FRAME_SIZE;
  maxHeaderListSize = Number.POSITIVE_INFINITY;
  enableConnectProtocol = false;
  /** The smallest SETTINGS_HEADER_TABLE_SIZE in the last frame: it has evicted entries (RFC 7541 §4.2). */
  leastHeaderTableSize = 4096;
  #noPriorities = NOT_SET;
  #count = 0;
  readonly #peerIsServer: boolean;

  constructor(peerIsServer: boolean) {
    this.#peerIsServer = peerIsServer;
  }

  /** The number of SETTINGS frames received, without acknowledgements. */
  get count(): number {
    return this.#count;
  }

  /** Applies the settings of a frame in their order (RFC 9113 §6.5.3). @returns the error, or `undefined`. */
  receive(octets: Uint8Array, start: number, end: number): Http2Error | undefined {
    if ((end - start) % SETTING_OCTETS !== 0) return HTTP2_ERRORS.FrameLength;
    this.leastHeaderTableSize = this.headerTableSize;
    for (let at = start; at < end; at += SETTING_OCTETS) {
      const identifier = (octets[at]! << 8) | octets[at + 1]!;
      const value =
        ((octets[at + 2]! << 24) | (octets[at + 3]! << 16) | (octets[at + 4]! << 8) | octets[at + 5]!) >>> 0;
      const fault = this.#set(identifier, value);
      if (fault !== undefined) return fault;
    }
    // RFC 9218 §2.1: the value in the first frame, or 0 without one, must not change later.
    if (this.#noPriorities === NOT_SET) this.#noPriorities = 0;
    this.#count++;
    return undefined;
  }

  #set(identifier: number, value: number): Http2Error | undefined {
    switch (identifier) {
      case SETTINGS_HEADER_TABLE_SIZE:
        this.headerTableSize = value;
        this.leastHeaderTableSize = Math.min(this.leastHeaderTableSize, value);
        return undefined;
      case SETTINGS_ENABLE_PUSH:
        this.enablePush = value === 1;
        // A server can't allow the client to push (RFC 9113 §6.5.2).
        return value > (this.#peerIsServer ? 0 : 1) ? HTTP2_ERRORS.SettingValue : undefined;
      case SETTINGS_MAX_CONCURRENT_STREAMS:
        this.maxConcurrentStreams = value;
        return undefined;
      case SETTINGS_INITIAL_WINDOW_SIZE:
        if (value > LARGEST_WINDOW) return HTTP2_ERRORS.InitialWindowTooLarge;
        this.initialWindow = value;
        return undefined;
      case SETTINGS_MAX_FRAME_SIZE:
        if (value < DEFAULT_FRAME_SIZE || value > LARGEST_FRAME_SIZE) return HTTP2_ERRORS.SettingValue;
        this.maxFrameSize = value;
        return undefined;
      case SETTINGS_MAX_HEADER_LIST_SIZE:
        this.maxHeaderListSize = value;
        return undefined;
      case SETTINGS_ENABLE_CONNECT_PROTOCOL:
        // RFC 8441 §3: the value must not change from 1 to 0.
        if (value > 1 || (value === 0 && this.enableConnectProtocol)) return HTTP2_ERRORS.SettingValue;
        this.enableConnectProtocol = value === 1;
        return undefined;
      case SETTINGS_NO_RFC7540_PRIORITIES:
        if (value > 1) return HTTP2_ERRORS.SettingValue;
        if (this.#noPriorities !== NOT_SET && value !== this.#noPriorities)
          return HTTP2_ERRORS.PrioritySettingChanged;
        this.#noPriorities = value;
        return undefined;
      default:
        // RFC 9113 §6.5.2: an unknown setting MUST be ignored.
        return undefined;
    }
  }
}
