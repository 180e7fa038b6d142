/** Frames as octets, and octets as lines that read like a transcript. */
import { HpackDecoder } from '../../src/hpack/decoder.ts';
import { errorCodeName } from '../../src/http2/error-codes.ts';
import * as types from '../../src/http2/frame/frame-types.ts';
import { latin1 } from '../support/each-split.ts';

export type Fields = readonly (readonly [name: string, value: string])[];

export function join(...pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

function uint(value: number, octets: number): Uint8Array {
  const out = Buffer.alloc(octets);
  out.writeUIntBE(value, 0, octets);
  return new Uint8Array(out);
}

export const uint16 = (value: number) => uint(value, 2);
export const uint32 = (value: number) => uint(value, 4);

/** Any frame. @param length what the frame says, if that is not the truth. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = new Uint8Array(0),
  length = payload.length,
): Uint8Array {
  return join(uint(length, 3), Uint8Array.of(type, flags), uint32(stream), payload);
}

/** An integer of RFC 7541 §5.1 in an octet whose other bits are 0. */
function integer(value: number, bits: number): number[] {
  const mask = 2 ** bits - 1;
  if (value < mask) return [value];
  const octets = [mask];
  let rest = value - mask;
  for (; rest >= 128; rest = Math.floor(rest / 128)) octets.push((rest % 128) + 128);
  return [...octets, rest];
}

const string = (text: string) => join(Uint8Array.from(integer(text.length, 7)), latin1(text));

/** A field as a literal that is not indexed; whatever its name and value are. */
export function literal(name: string, value: string): Uint8Array {
  return join(Uint8Array.of(0), string(name), string(value));
}

/** A field as a literal that is added to the table. */
export function added(name: string, value: string): Uint8Array {
  return join(Uint8Array.of(0x40), string(name), string(value));
}

export function block(fields: Fields): Uint8Array {
  return join(...fields.map(([name, value]) => literal(name, value)));
}

const { ACK, END_HEADERS, END_STREAM, PADDED } = types;

export const PREFACE = types.PREFACE;

export function settings(...values: readonly (readonly [identifier: number, value: number])[]): Uint8Array {
  return frame(
    types.SETTINGS,
    0,
    0,
    join(...values.map(([identifier, value]) => join(uint16(identifier), uint32(value)))),
  );
}

export const settingsAck = () => frame(types.SETTINGS, ACK, 0);

/** What every client begins with. */
export const opening = (...values: readonly (readonly [number, number])[]) =>
  join(PREFACE, settings(...values));

/** HEADERS with a whole block. */
export function headers(
  stream: number,
  fields: Fields | Uint8Array,
  flags: number = END_STREAM | END_HEADERS,
): Uint8Array {
  return frame(types.HEADERS, flags, stream, fields instanceof Uint8Array ? fields : block(fields));
}

export function continuation(stream: number, fragment: Uint8Array, flags: number = END_HEADERS): Uint8Array {
  return frame(types.CONTINUATION, flags, stream, fragment);
}

export function data(stream: number, content: string | Uint8Array, flags: number = END_STREAM): Uint8Array {
  return frame(types.DATA, flags, stream, typeof content === 'string' ? latin1(content) : content);
}

export function paddedData(stream: number, content: string, padding: number, flags = END_STREAM): Uint8Array {
  const payload = join(Uint8Array.of(padding), latin1(content), new Uint8Array(padding));
  return frame(types.DATA, flags | PADDED, stream, payload);
}

export const reset = (stream: number, code: number) => frame(types.RST_STREAM, 0, stream, uint32(code));
export const ping = (text = 'pingpong', flags = 0) => frame(types.PING, flags, 0, latin1(text));
export const windowUpdate = (stream: number, increment: number) =>
  frame(types.WINDOW_UPDATE, 0, stream, uint32(increment));
export const goAway = (last: number, code: number, text = '') =>
  frame(types.GOAWAY_FRAME, 0, 0, join(uint32(last), uint32(code), latin1(text)));
export const priority = (stream: number, dependency: number, weight = 15) =>
  frame(types.PRIORITY_FRAME, 0, stream, join(uint32(dependency), Uint8Array.of(weight)));
export const priorityUpdate = (stream: number, value: string) =>
  frame(types.PRIORITY_UPDATE, 0, 0, join(uint32(stream), latin1(value)));

/** The pseudo-fields of a request. */
export const request = (method = 'GET', path = '/', ...more: Fields): Fields => [
  [':method', method],
  [':scheme', 'http'],
  [':authority', 'a'],
  [':path', path],
  ...more,
];

export const get = (stream: number, path = '/', ...more: Fields) =>
  headers(stream, request('GET', path, ...more));
/** A request whose content is still to come. */
export const post = (stream: number, path = '/', ...more: Fields) =>
  headers(stream, request('POST', path, ...more), END_HEADERS);

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Uint8Array;
}

export function framesIn(octets: Uint8Array): Frame[] {
  const view = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  const frames: Frame[] = [];
  for (let at = 0; at < view.length; ) {
    const length = view.readUIntBE(at, 3);
    const payload = octets.subarray(at + 9, at + 9 + length);
    if (payload.length < length) throw new Error('the output ends within a frame');
    frames.push({ type: view[at + 3]!, flags: view[at + 4]!, stream: view.readUInt32BE(at + 5), payload });
    at += 9 + length;
  }
  return frames;
}

/** Reads what one end of a connection has sent. */
export class Transcript {
  readonly #decoder = new HpackDecoder();
  #block: Uint8Array = new Uint8Array(0);
  #flags = 0;

  /** One line a frame, the frames of a field block in one: `HEADERS 1 END_STREAM :status=200 date=…`. */
  linesOf(octets: Uint8Array): string[] {
    return framesIn(octets).flatMap((one) => this.#lineOf(one));
  }

  #lineOf({ type, flags, stream, payload }: Frame): string[] {
    const view = Buffer.from(payload);
    const ends = (flags & END_STREAM) !== 0 ? ' END_STREAM' : '';
    switch (type) {
      case types.DATA:
        return [
          `DATA ${stream}${ends} ${view.length > 40 ? `(${view.length})` : view.toString('latin1')}`.trimEnd(),
        ];
      case types.HEADERS:
        this.#flags = flags;
        this.#block = new Uint8Array(payload);
        return this.#blockLine(stream, flags);
      case types.CONTINUATION:
        this.#block = join(this.#block, payload);
        return this.#blockLine(stream, flags);
      case types.RST_STREAM:
        return [`RST_STREAM ${stream} ${errorCodeName(view.readUInt32BE(0))}`];
      case types.SETTINGS:
        return [(flags & ACK) !== 0 ? 'SETTINGS ACK' : `SETTINGS${settingsText(view)}`];
      case types.PING:
        return [`PING${(flags & ACK) !== 0 ? ' ACK' : ''} ${view.toString('latin1')}`];
      case types.GOAWAY_FRAME:
        return [`GOAWAY ${view.readUInt32BE(0)} ${errorCodeName(view.readUInt32BE(4))}`];
      case types.WINDOW_UPDATE:
        return [`WINDOW_UPDATE ${stream} ${view.readUInt32BE(0)}`];
      case types.PRIORITY_UPDATE:
        return [`PRIORITY_UPDATE ${view.readUInt32BE(0)} ${view.toString('latin1', 4)}`];
      default:
        return [`frame ${type} ${stream}`];
    }
  }

  #blockLine(stream: number, flags: number): string[] {
    if ((flags & END_HEADERS) === 0) return [];
    if (!this.#decoder.decode(this.#block)) throw new Error(this.#decoder.error.sentence);
    const fields = this.#decoder.fields.map(({ name, value }) => ` ${name}=${value}`);
    return [`HEADERS ${stream}${(this.#flags & END_STREAM) !== 0 ? ' END_STREAM' : ''}${fields.join('')}`];
  }
}

function settingsText(payload: Buffer): string {
  let text = '';
  for (let at = 0; at < payload.length; at += 6)
    text += ` ${payload.readUInt16BE(at)}=${payload.readUInt32BE(at + 2)}`;
  return text;
}
