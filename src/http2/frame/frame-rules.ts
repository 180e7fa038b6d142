/** The rules for the header of each type of frame: its length, and whether it belongs to a stream. */
import { HTTP2_ERRORS, type Http2Error } from '../errors.ts';
import * as types from './frame-types.ts';

interface FrameRule {
  /** The length of the payload, without padding. */
  readonly least: number;
  readonly most: number;
  readonly wrongLength: Http2Error;
  readonly belongsTo: 'stream' | 'connection' | 'either';
}

const ANY = Number.POSITIVE_INFINITY;

const rule = (
  belongsTo: FrameRule['belongsTo'],
  least = 0,
  most = ANY,
  wrongLength = HTTP2_ERRORS.FrameLength,
): FrameRule => ({ belongsTo, least, most, wrongLength });

/** By type. An unknown type has no rule: it is ignored (RFC 9113 §5.5). */
const FRAME_RULES: (FrameRule | undefined)[] = [];
FRAME_RULES[types.DATA] = rule('stream'); // §6.1
FRAME_RULES[types.HEADERS] = rule('stream'); // §6.2
FRAME_RULES[types.PRIORITY_FRAME] = rule('stream', 5, 5, HTTP2_ERRORS.PriorityLength); // §6.3
FRAME_RULES[types.RST_STREAM] = rule('stream', 4, 4); // §6.4
FRAME_RULES[types.SETTINGS] = rule('connection'); // §6.5
FRAME_RULES[types.PUSH_PROMISE] = rule('stream', 4); // §6.6
FRAME_RULES[types.PING] = rule('connection', 8, 8); // §6.7
FRAME_RULES[types.GOAWAY_FRAME] = rule('connection', 8); // §6.8
FRAME_RULES[types.WINDOW_UPDATE] = rule('either', 4, 4); // §6.9
FRAME_RULES[types.CONTINUATION] = rule('stream'); // §6.10
FRAME_RULES[types.PRIORITY_UPDATE] = rule('connection', 4); // RFC 9218 §7.1

/** @returns the error in the header of a frame, or `undefined`. */
export function frameFault(type: number, length: number, stream: number): Http2Error | undefined {
  const { belongsTo, least, most, wrongLength } = FRAME_RULES[type] ?? NO_RULE;
  if (belongsTo !== 'either' && (belongsTo === 'stream') !== stream > 0)
    return stream > 0 ? HTTP2_ERRORS.StreamNotAllowed : HTTP2_ERRORS.StreamNeeded;
  return length < least || length > most ? wrongLength : undefined;
}

const NO_RULE = rule('either');
