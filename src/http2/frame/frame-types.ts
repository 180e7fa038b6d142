/** Types and flags of frames (RFC 9113 §4.1, §6, §11.2; RFC 9218 §7.1). */
export const DATA = 0x00;
export const HEADERS = 0x01;
export const PRIORITY_FRAME = 0x02;
export const RST_STREAM = 0x03;
export const SETTINGS = 0x04;
export const PUSH_PROMISE = 0x05;
export const PING = 0x06;
export const GOAWAY_FRAME = 0x07;
export const WINDOW_UPDATE = 0x08;
export const CONTINUATION = 0x09;
export const PRIORITY_UPDATE = 0x10;

/** DATA, HEADERS: the last frame of a message. */
export const END_STREAM = 0x01;
/** SETTINGS, PING. */
export const ACK = 0x01;
/** HEADERS, PUSH_PROMISE, CONTINUATION: the last frame of a field block. */
export const END_HEADERS = 0x04;
/** DATA, HEADERS, PUSH_PROMISE. */
export const PADDED = 0x08;
/** HEADERS. */
export const HAS_PRIORITY = 0x20;

/** The length of a frame header (RFC 9113 §4.1). */
export const FRAME_HEADER_OCTETS = 9;
/** The least value of SETTINGS_MAX_FRAME_SIZE, and its default (RFC 9113 §6.5.2). */
export const DEFAULT_FRAME_SIZE = 16_384;

/** The preface of a client (RFC 9113 §3.4). */
export const PREFACE_TEXT = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
export const PREFACE: Uint8Array = Uint8Array.from(PREFACE_TEXT, (character) => character.charCodeAt(0));
