/** The error codes of RST_STREAM and GOAWAY (RFC 9113 §7). */
export const NO_ERROR = 0x00;
export const PROTOCOL_ERROR = 0x01;
export const INTERNAL_ERROR = 0x02;
export const FLOW_CONTROL_ERROR = 0x03;
export const SETTINGS_TIMEOUT = 0x04;
export const STREAM_CLOSED = 0x05;
export const FRAME_SIZE_ERROR = 0x06;
export const REFUSED_STREAM = 0x07;
export const CANCEL = 0x08;
export const COMPRESSION_ERROR = 0x09;
export const CONNECT_ERROR = 0x0a;
export const ENHANCE_YOUR_CALM = 0x0b;
export const INADEQUATE_SECURITY = 0x0c;
export const HTTP_1_1_REQUIRED = 0x0d;

const NAMES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** @returns the name of the code, or its number. A peer may send unknown codes (RFC 9113 §7). */
export function errorCodeName(code: number): string {
  return NAMES[code] ?? `0x${code.toString(16)}`;
}
